#include "golden/digest.h"

#include <array>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "golden/error.h"

namespace cfc::golden {

std::string sha256_of_text(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hexadecimal;
  for (unsigned i = 0; i < size; ++i) hexadecimal += fmt::format("{:02x}", digest[i]);
  return hexadecimal;
}

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) throw InputError(fmt::format("{}: cannot be read", file.string()));
  return sha256_of_text(bytes);
}

}  // namespace cfc::golden
