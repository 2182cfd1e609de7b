#pragma once

#include <systemc>

namespace cfc {

/// An output that follows a register: it is driven in every cycle, but the signal behind it is only
/// bothered when the value changes. The block is the signal's one writer, from the start on.
template <typename T>
class RegisteredOut : public sc_core::sc_out<T> {
 public:
  using sc_core::sc_out<T>::sc_out;

  void write(const T& value) {
    if (value == driven_) return;
    driven_ = value;
    sc_core::sc_out<T>::write(value);
  }

 private:
  T driven_{};
};

}  // namespace cfc
