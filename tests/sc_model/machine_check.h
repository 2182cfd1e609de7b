#pragma once

#include <algorithm>
#include <functional>
#include <type_traits>
#include <vector>

#include "tests/helpers/findings.h"

#ifdef SYSTEMC_INCLUDED
#error "a machine is plain C++: its header must not include SystemC"
#endif

namespace cfc::testing {

/// All values that follow from `start`, itself first; `successors` gives those that follow one.
template <typename Value>
std::vector<Value> reach(const Value& start,
                         const std::function<std::vector<Value>(const Value&)>& successors) {
  std::vector<Value> found{start};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const Value& next : successors(found[i])) {
      if (std::find(found.begin(), found.end(), next) == found.end()) found.push_back(next);
    }
  }
  return found;
}

/// Outputs of a Moore machine are computed from its registers alone, and nothing in it changes.
template <typename Machine>
constexpr bool is_moore() {
  using Registers = typename Machine::Registers;
  return std::is_invocable_r_v<typename Machine::Outputs, decltype(&Machine::outputs),
                               const Machine&, const Registers&> &&
         std::is_invocable_r_v<Registers, decltype(&Machine::next), const Machine&,
                               const Registers&, const typename Machine::Inputs&>;
}

}  // namespace cfc::testing
