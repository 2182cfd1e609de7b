// Kind "text that is not UTF-8": refused where it enters.

#include "support/text.h"

#include <random>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/error.h"

using Catch::Contains;

namespace {

bool is_utf8(const std::string& text) {
  try {
    cfc::check_utf8(text, "f.yaml");
    return true;
  } catch (const cfc::InputError&) {
    return false;
  }
}

/// What the library that writes our results takes.
bool json_takes(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("kind 5, text that is not UTF-8 is refused by the byte") {
  CHECK_THROWS_WITH(cfc::check_utf8("caf\xE9", "f.yaml"),
                    Contains("f.yaml: byte 4 (0xe9) is not UTF-8"));
  for (const char* good : {"", "plain", "\u00e9", "\u20ac", "\U0001F600", "\uFFFD"}) {
    CHECK(is_utf8(good));
  }
  // Too long for what it says, a surrogate, beyond the last code point, cut off, out of place.
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("kind 5, text that is not UTF-8: what passes is what JSON can hold") {
  std::mt19937 random(Catch::rngSeed());
  // Bytes near the borders of UTF-8, so that both answers come often.
  const std::string bytes =
      "a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF3\xF4\xF5";
  int passed = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 4 + 1, ' ');
    for (char& c : text) c = bytes[random() % bytes.size()];
    REQUIRE(is_utf8(text) == json_takes(text));
    passed += is_utf8(text) ? 1 : 0;
  }
  CHECK(passed > 1000);
}
