#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cfc {

/// A line on the terminal (standard error) with what is done, the rate and the time left; silent
/// where standard error is no terminal. The line is wiped at the end.
class Progress {
 public:
  Progress(std::string unit, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done);

 private:
  const std::string unit_;
  const std::uint64_t total_;
  const bool on_terminal_;
  const std::chrono::steady_clock::time_point started_;
};

}  // namespace cfc
