#include "golden/dataset.h"

#include <catch2/catch.hpp>
#include <zlib.h>

#include "tests/helpers/temporary_folder.h"

using namespace cfc::golden;
using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

namespace {

std::string u32(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

/// `count` images of 2 x 3 pixels; pixel p of image i is 10 i + p.
std::string images_file(std::uint32_t count) {
  std::string bytes = u32(0x803) + u32(count) + u32(2) + u32(3);
  for (std::uint32_t i = 0; i < count; ++i) {
    for (std::uint32_t p = 0; p < 6; ++p) bytes += static_cast<char>(10 * i + p);
  }
  return bytes;
}

std::string labels_file(std::uint32_t count) {
  std::string bytes = u32(0x801) + u32(count);
  for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

void write_gzip(const std::filesystem::path& file, const std::string& bytes) {
  gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
}

}  // namespace

TEST_CASE("the splits are the first 85 %, the last 15 % and the test file, plain or gzip") {
  TemporaryFolder folder;
  write_file(folder / "train-images-idx3-ubyte", images_file(20));
  write_gzip(folder / "train-labels-idx1-ubyte.gz", labels_file(20));
  write_gzip(folder / "t10k-images-idx3-ubyte.gz", images_file(4));
  write_file(folder / "t10k-labels-idx1-ubyte", labels_file(4));

  const Dataset train = load_dataset(folder.path(), Split::train);
  const Dataset validation = load_dataset(folder.path(), Split::validation);
  const Dataset test = load_dataset(folder.path(), Split::test);
  REQUIRE(train.size() == 17);
  REQUIRE(validation.size() == 3);
  REQUIRE(test.size() == 4);
  REQUIRE(validation.images(0, 0) == 170);
  REQUIRE(validation.images(2, 5) == 195);
  REQUIRE(validation.labels == std::vector<Label>{7, 8, 9});
  REQUIRE(train.labels.size() == 17);
  REQUIRE(test.images.cols() == 6);
}

TEST_CASE("the names of the splits") {
  REQUIRE(parse_split("train") == Split::train);
  REQUIRE(parse_split("validation") == Split::validation);
  REQUIRE(parse_split("test") == Split::test);
  REQUIRE_THAT(input_error([] { parse_split("valid"); }), Contains("'valid' is no split"));
}

TEST_CASE("every unsound IDX file is refused by name") {
  TemporaryFolder folder;
  const auto file = folder / "file";
  const auto images_refusal = [&](const std::string& bytes) {
    write_file(file, bytes);
    std::string message = input_error([&] { read_idx_images(file); });
    CHECK_THAT(message, Contains(file.string()));
    return message;
  };
  const auto labels_refusal = [&](const std::string& bytes) {
    write_file(file, bytes);
    return input_error([&] { read_idx_labels(file); });
  };
  const std::string images = images_file(3);
  CHECK_THAT(images_refusal(""), Contains("truncated"));
  CHECK_THAT(images_refusal(images.substr(0, 9)), Contains("truncated"));
  CHECK_THAT(images_refusal(images.substr(0, images.size() - 1)), Contains("truncated"));
  CHECK_THAT(images_refusal(images + "x"), Contains("goes on behind its last item"));
  CHECK_THAT(images_refusal(labels_file(3)), Contains("magic number 0x00000801"));
  CHECK_THAT(images_refusal(u32(0x803) + u32(0) + u32(2) + u32(3)), Contains("claims 0 images"));
  CHECK_THAT(images_refusal(u32(0x803) + u32(0xffffffff) + u32(2) + u32(3)),
             Contains("4294967295 images"));
  CHECK_THAT(images_refusal(u32(0x803) + u32(1) + u32(100000) + u32(3)), Contains("100000 rows"));
  CHECK_THAT(images_refusal(u32(0x803) + u32(10000000) + u32(4096) + u32(4096)),
             Contains("more than 1 GiB"));
  CHECK_THAT(images_refusal(u32(0x803) + u32(1000000) + u32(28) + u32(28)),
             Contains("claims 784000000 bytes, more than a file of its size can hold"));
  for (std::size_t size = 0; size < images.size(); ++size) {
    CHECK_THAT(images_refusal(images.substr(0, size)), Contains("truncated"));
  }
  CHECK_THAT(labels_refusal(u32(0x801) + u32(9000000)), Contains("claims 9000000 bytes"));
  CHECK_THAT(labels_refusal(images), Contains("magic number"));
  CHECK_THAT(labels_refusal(labels_file(3) + "x"), Contains("goes on"));
  CHECK_THAT(labels_refusal(u32(0x801) + u32(2) + std::string("\x01\x0a", 2)),
             Contains("label 10 of item 1"));
}

TEST_CASE("a damaged gzip file, a missing file and a folder are refused") {
  TemporaryFolder folder;
  const auto file = folder / "images.gz";
  write_gzip(file, images_file(200));
  std::string bytes = cfc::testing::read_file(file);
  write_file(file, bytes.substr(0, bytes.size() / 2));
  CHECK_THAT(input_error([&] { read_idx_images(file); }),
             Contains("truncated") || Contains("damaged gzip"));
  for (std::size_t i = bytes.size() / 3; i < bytes.size() / 3 + 8; ++i)
    bytes[i] = static_cast<char>(~bytes[i]);
  write_file(file, bytes);
  CHECK_THAT(input_error([&] { read_idx_images(file); }), Contains(file.string()));
  CHECK_THAT(input_error([&] { read_idx_images(folder / "none"); }),
             Contains("scripts/fetch-mnist"));
  CHECK_THAT(input_error([&] { read_idx_images(folder.path()); }), Contains("is a folder"));
  CHECK_THAT(input_error([&] { load_dataset(folder.path(), Split::test); }),
             Contains("t10k-images-idx3-ubyte"));
}

TEST_CASE("kind 3, damaged but accepted: a gzip file must have its trailer, and the right one") {
  TemporaryFolder folder;
  const auto file = folder / "images.gz";
  write_gzip(file, images_file(200));
  const std::string bytes = cfc::testing::read_file(file);
  CHECK(read_idx_images(file).rows() == 200);
  for (std::size_t left_out = 1; left_out <= 8; ++left_out) {
    INFO(left_out << " bytes of the trailer are missing");
    write_file(file, bytes.substr(0, bytes.size() - left_out));
    CHECK_THAT(input_error([&] { read_idx_images(file); }),
               Contains("damaged or truncated gzip file"));
  }
  for (std::size_t place = bytes.size() - 8; place < bytes.size(); ++place) {
    INFO("byte " << place << " of the trailer (checksum, then length) is wrong");
    std::string changed = bytes;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    write_file(file, changed);
    CHECK_THAT(input_error([&] { read_idx_images(file); }), Contains("is a damaged"));
  }
}

TEST_CASE("kind 3, damaged but accepted: nothing may stand behind a gzip file's trailer") {
  TemporaryFolder folder;
  const auto file = folder / "images.gz";
  write_gzip(file, images_file(200));
  const std::string bytes = cfc::testing::read_file(file);
  for (const std::string& behind : {std::string("x"), std::string(512, '\0'),
                                    std::string("\x1f\x8b", 2), bytes.substr(0, 30)}) {
    write_file(file, bytes + behind);
    CHECK_THAT(input_error([&] { read_idx_images(file); }), Contains(file.string()));
  }
}

TEST_CASE("a training file too small to be split is refused") {
  TemporaryFolder folder;
  write_file(folder / "train-images-idx3-ubyte", images_file(6));
  write_file(folder / "train-labels-idx1-ubyte", labels_file(6));
  CHECK_THAT(input_error([&] { load_dataset(folder.path(), Split::validation); }),
             Contains("6 training images are too few"));
}

TEST_CASE("images and labels that differ in number are refused") {
  TemporaryFolder folder;
  write_file(folder / "t10k-images-idx3-ubyte", images_file(4));
  write_file(folder / "t10k-labels-idx1-ubyte", labels_file(5));
  CHECK_THAT(input_error([&] { load_dataset(folder.path(), Split::test); }),
             Contains("5 labels") && Contains("4 images"));
}
