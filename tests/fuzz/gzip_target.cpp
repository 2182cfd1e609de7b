// IDX files as gzip. The first byte chooses: the rest as a gzip file; or the rest as an IDX file
// that is packed here, which must read as it does without packing.

#include <optional>

#include <zlib.h>

#include "golden/dataset.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace cfc;

std::string packed(const std::uint8_t* bytes, std::size_t size) {
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string file(deflateBound(&stream, size), '\0');
  stream.next_in = const_cast<Bytef*>(bytes);
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(file.data());
  stream.avail_out = static_cast<uInt>(file.size());
  deflate(&stream, Z_FINISH);
  file.resize(stream.total_out);
  deflateEnd(&stream);
  return file;
}

std::optional<golden::MatrixU8> images_in(const fuzz::FuzzedFile& file) {
  std::optional<golden::MatrixU8> images;
  fuzz::is_accepted([&] { images = golden::read_idx_images(file.path()); });
  return images;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t* const rest = bytes + 1;
  const std::size_t rest_size = size - 1;
  const fuzz::FuzzedFile plain(rest, rest_size);
  const auto images = images_in(plain);
  const bool is_packed_already = rest_size >= 2 && rest[0] == 0x1F && rest[1] == 0x8B;
  if (bytes[0] % 2 == 0 || is_packed_already) return 0;
  const auto unpacked = images_in(fuzz::FuzzedFile(packed(rest, rest_size)));
  fuzz::require(images.has_value() == unpacked.has_value(), "packing decides nothing");
  fuzz::require(!images || *images == *unpacked, "a packed file has the same pixels");
  return 0;
}
