#include "golden/dataset.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "golden/split.h"
#include "support/error.h"

namespace cfc::golden {
namespace {

namespace fs = std::filesystem;

// The third byte of an IDX magic number is the element type (8: unsigned byte), the fourth the
// number of dimensions.
constexpr std::uint32_t kImagesMagic = 0x00000803;
constexpr std::uint32_t kLabelsMagic = 0x00000801;
constexpr std::uint32_t kMaxItems = 10'000'000;
constexpr std::uint32_t kMaxSide = 4096;
constexpr int kClasses = 10;

/// Reads plain and gzip files alike.
class IdxReader {
 public:
  explicit IdxReader(const fs::path& file) : file_(file) {
    std::error_code ignored;
    if (fs::is_directory(file, ignored)) fail("is a folder, not an IDX file");
    stream_.reset(gzopen(file.c_str(), "rb"));
    if (!stream_) fail("cannot be opened; fetch the data with scripts/fetch-mnist or give --data");
  }

  std::uint32_t big_endian_u32() {
    std::array<std::uint8_t, 4> bytes{};
    read(bytes.data(), bytes.size());
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
  }

  void read(std::uint8_t* bytes, std::size_t count) {
    constexpr std::size_t kChunk = 1 << 24;
    for (std::size_t done = 0; done < count;) {
      const auto wanted = static_cast<unsigned>(std::min(kChunk, count - done));
      const int got = gzread(stream_.get(), bytes + done, wanted);
      if (got <= 0) fail(got < 0 ? "is a damaged gzip file" : "is truncated");
      done += static_cast<std::size_t>(got);
    }
  }

  /// A plain file is not read for that.
  void skip(std::size_t count) {
    if (count == 0) return;
    if (gzseek(stream_.get(), static_cast<z_off_t>(count - 1), SEEK_CUR) < 0) {
      fail("is damaged or truncated");
    }
    std::uint8_t last = 0;  // seeking alone does not notice the end of the file
    read(&last, 1);
  }

  void expect_magic(std::uint32_t expected) {
    const std::uint32_t magic = big_endian_u32();
    if (magic != expected) {
      fail(
          fmt::format("is not the IDX file it should be: magic number {:#010x} instead of {:#010x}",
                      magic, expected));
    }
  }

  std::uint32_t dimension(const char* what, std::uint32_t largest) {
    const std::uint32_t size = big_endian_u32();
    if (size == 0 || size > largest) {
      fail(fmt::format("claims {} {}; 1 to {} are possible", size, what, largest));
    }
    return size;
  }

  /// Nothing of that size is allocated on the word of a header alone.
  void expect_room_for(std::uintmax_t bytes) {
    constexpr std::uintmax_t kBestDeflateRatio = 1032;
    std::error_code ignored;
    const std::uintmax_t ratio = gzdirect(stream_.get()) ? 1 : kBestDeflateRatio;
    if (fs::is_regular_file(file_, ignored) && bytes / ratio > fs::file_size(file_, ignored)) {
      fail(fmt::format("is truncated: it claims {} bytes, more than a file of its size can hold",
                       bytes));
    }
  }

  /// Behind the last item only a gzip file's trailer may stand, and it must be whole: zlib reads it
  /// when it is asked for one byte more. What stands behind the trailer zlib drops without a word.
  void expect_end() {
    std::uint8_t byte = 0;
    const int got = gzread(stream_.get(), &byte, 1);
    int error = Z_OK;
    gzerror(stream_.get(), &error);
    if (got < 0 || error != Z_OK) fail("is a damaged or truncated gzip file");
    if (got > 0) fail("goes on behind its last item");
    if (gzdirect(stream_.get()) == 0 && length_in_trailer() != gztell(stream_.get())) {
      fail("does not end with its gzip data; pack it again, in one piece");
    }
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw InputError(fmt::format("{}: {}", file_.string(), why));
  }

 private:
  /// The last four bytes of the file.
  z_off_t length_in_trailer() const {
    constexpr std::streamoff kBytes = 4;
    std::ifstream in(file_, std::ios::binary);
    in.seekg(-kBytes, std::ios::end);
    z_off_t length = 0;
    for (int shift = 0; shift < 32; shift += 8) length |= z_off_t{in.get() & 0xFF} << shift;
    return length;
  }

  struct Close {
    void operator()(gzFile stream) const { gzclose(stream); }
  };
  const fs::path& file_;
  std::unique_ptr<gzFile_s, Close> stream_;
};

/// `name` or `name`.gz in `directory`.
fs::path find_file(const fs::path& directory, const std::string& name) {
  std::error_code ignored;
  for (const char* suffix : {"", ".gz"}) {
    fs::path file = directory / (name + suffix);
    if (fs::exists(file, ignored)) return file;
  }
  throw InputError(
      fmt::format("{}: no {} (or .gz) there; fetch MNIST with scripts/fetch-mnist or "
                  "give another folder with --data",
                  directory.string(), name));
}

/// Rows `begin` to `end - 1` of a file.
struct Rows {
  Index begin;
  Index end;
};

using ChooseRows = std::function<Rows(Index count)>;

struct ImagesHeader {
  Index count;
  Index rows;
  Index columns;
};

ImagesHeader read_images_header(IdxReader& reader) {
  reader.expect_magic(kImagesMagic);
  const auto count = static_cast<Index>(reader.dimension("images", kMaxItems));
  const auto rows = static_cast<Index>(reader.dimension("rows", kMaxSide));
  const auto columns = static_cast<Index>(reader.dimension("columns", kMaxSide));
  return {count, rows, columns};
}

/// The rows that `choose` picks once it knows how many there are; the others are not read where the
/// file is plain.
MatrixU8 read_images(const fs::path& file, const ChooseRows& choose) {
  IdxReader reader(file);
  const auto [count, rows, columns] = read_images_header(reader);
  const Index pixels = rows * columns;
  constexpr Index kMaxBytes = Index{1} << 30;  // a small gzip file can hold as much
  if (count > kMaxBytes / pixels) {
    reader.fail(fmt::format("claims {} images of {} x {}: more than 1 GiB", count, rows, columns));
  }
  reader.expect_room_for(static_cast<std::uintmax_t>(count * pixels));
  const auto [begin, end] = choose(count);
  MatrixU8 images(end - begin, pixels);
  reader.skip(static_cast<std::size_t>(begin * pixels));
  reader.read(images.data(), static_cast<std::size_t>(images.size()));
  reader.skip(static_cast<std::size_t>((count - end) * pixels));
  reader.expect_end();
  return images;
}

/// Of the official files that a split is in.
std::string prefix_of(Split split) { return split == Split::test ? "t10k" : "train"; }

fs::path images_file_of(const fs::path& directory, Split split) {
  return find_file(directory, prefix_of(split) + "-images-idx3-ubyte");
}

fs::path labels_file_of(const fs::path& directory, Split split) {
  return find_file(directory, prefix_of(split) + "-labels-idx1-ubyte");
}

/// Rows of the two files that a split is in, images and labels, which must be as many.
Dataset load_files(const fs::path& directory, Split split, const ChooseRows& choose) {
  const fs::path images_file = images_file_of(directory, split);
  const fs::path labels_file = labels_file_of(directory, split);
  const std::vector<std::uint8_t> labels = read_idx_labels(labels_file);
  Rows rows{};
  MatrixU8 images = read_images(images_file, [&](Index count) {
    if (count != static_cast<Index>(labels.size())) {
      throw InputError(fmt::format("{} has {} labels, but {} has {} images", labels_file.string(),
                                   labels.size(), images_file.string(), count));
    }
    return rows = choose(count);
  });
  return {std::move(images), {labels.begin() + rows.begin, labels.begin() + rows.end}};
}

Rows all_rows(Index count) { return {0, count}; }

}  // namespace

Split parse_split(std::string_view name) {
  if (name == "train") return Split::train;
  if (name == "validation") return Split::validation;
  if (name == "test") return Split::test;
  throw InputError(fmt::format("'{}' is no split; give train, validation or test", name));
}

Dataset load_dataset(const fs::path& directory, Split split) {
  if (split == Split::test) return load_files(directory, split, all_rows);
  return load_files(directory, split, [&](Index count) {
    const Index begin = validation_begin(count);
    if (begin == count) {
      throw InputError(fmt::format("{}: {} training images are too few to keep 15 % for validation",
                                   directory.string(), count));
    }
    return split == Split::train ? Rows{0, begin} : Rows{begin, count};
  });
}

std::vector<fs::path> dataset_files(const fs::path& directory, Split split) {
  return {images_file_of(directory, split), labels_file_of(directory, split)};
}

ImageSize read_image_size(const fs::path& directory, Split split) {
  const fs::path file = images_file_of(directory, split);
  IdxReader reader(file);
  const auto [count, rows, columns] = read_images_header(reader);
  return {rows, columns};
}

MatrixU8 read_idx_images(const fs::path& file) { return read_images(file, all_rows); }

std::vector<std::uint8_t> read_idx_labels(const fs::path& file) {
  IdxReader reader(file);
  reader.expect_magic(kLabelsMagic);
  const std::uint32_t count = reader.dimension("labels", kMaxItems);
  reader.expect_room_for(count);
  std::vector<std::uint8_t> labels(count);
  reader.read(labels.data(), labels.size());
  reader.expect_end();
  const auto wrong = std::find_if(labels.begin(), labels.end(),
                                  [](std::uint8_t label) { return label >= kClasses; });
  if (wrong != labels.end()) {
    reader.fail(fmt::format("label {} of item {} is not 0 to {}", *wrong, wrong - labels.begin(),
                            kClasses - 1));
  }
  return labels;
}

}  // namespace cfc::golden
