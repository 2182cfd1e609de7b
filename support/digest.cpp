#include "support/digest.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "support/whole_file.h"

namespace cfc {

std::string sha256_of_text(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hexadecimal;
  for (unsigned i = 0; i < size; ++i) hexadecimal += fmt::format("{:02x}", digest[i]);
  return hexadecimal;
}

std::string sha256_of_file(const std::filesystem::path& file) {
  return sha256_of_text(read_whole_file(file, "give a file that can be read"));
}

}  // namespace cfc
