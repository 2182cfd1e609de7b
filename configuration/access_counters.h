#pragma once

#include <cstdint>

namespace cfc {

/// Accesses in one direction.
struct AccessCounters {
  std::uint64_t words{};     ///< accesses: one each, however wide
  std::uint64_t elements{};  ///< elements that they moved
  std::uint64_t bits{};      ///< elements x their width

  AccessCounters& operator+=(const AccessCounters& other) {
    words += other.words;
    elements += other.elements;
    bits += other.bits;
    return *this;
  }
  AccessCounters& operator-=(const AccessCounters& other) {
    words -= other.words;
    elements -= other.elements;
    bits -= other.bits;
    return *this;
  }
  AccessCounters& operator*=(std::uint64_t times) {
    words *= times;
    elements *= times;
    bits *= times;
    return *this;
  }
  friend bool operator==(const AccessCounters& a, const AccessCounters& b) {
    return a.words == b.words && a.elements == b.elements && a.bits == b.bits;
  }
};

}  // namespace cfc
