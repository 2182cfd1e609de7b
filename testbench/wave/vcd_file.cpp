#include "testbench/wave/vcd_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

#include <fmt/format.h>

namespace cfc {
namespace {

/// A VCD identifier: printable characters, shortest first.
std::string identifier(std::size_t number) {
  constexpr std::size_t kFirst = 33;
  constexpr std::size_t kCharacters = 94;
  std::string text;
  do {
    text += static_cast<char>(kFirst + number % kCharacters);
    number /= kCharacters;
  } while (number > 0);
  return text;
}

std::string digits(std::optional<std::int32_t> value, int bits) {
  if (!value) return "z";
  std::string text;
  for (int bit = bits; bit-- > 0;) {
    text += ((static_cast<std::uint32_t>(*value) >> bit) & 1U) != 0 ? '1' : '0';
  }
  return text;
}

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

}  // namespace

VcdFile::WriteError::WriteError(const std::filesystem::path& file, int error)
    : InputError(fmt::format("{}: cannot be written ({}); make room, or give another place",
                             file.string(), std::strerror(error))),
      cause(error) {}

VcdFile::VcdFile(std::filesystem::path file, const std::string& comment,
                 const std::string& timescale)
    : file_(std::move(file)), out_(file_) {
  check_written();
  out_ << "$comment " << comment << " $end\n$timescale " << timescale << " $end\n";
}

void VcdFile::declare(const std::vector<WaveSignal>& signals) {
  for (std::size_t number = 0; number < signals.size(); ++number) {
    const auto& [path, bits] = signals[number];
    const std::size_t dot = path.rfind('.');
    enter_scope(dot == std::string::npos ? "" : path.substr(0, dot));
    out_ << "$var wire " << bits << ' ' << identifier(number) << ' '
         << (dot == std::string::npos ? path : path.substr(dot + 1)) << " $end\n";
    bits_.push_back(bits);
  }
  enter_scope("");
  out_ << "$enddefinitions $end\n";
  values_.resize(signals.size());
  is_known_.resize(signals.size());
}

void VcdFile::enter_scope(const std::string& scope) {
  const std::vector<std::string> wanted = split(scope);
  std::size_t common = 0;
  while (common < std::min(wanted.size(), scopes_.size()) && wanted[common] == scopes_[common]) {
    ++common;
  }
  for (; scopes_.size() > common; scopes_.pop_back()) out_ << "$upscope $end\n";
  for (; scopes_.size() < wanted.size(); scopes_.push_back(wanted[scopes_.size()])) {
    out_ << "$scope module " << wanted[scopes_.size()] << " $end\n";
  }
}

void VcdFile::check_written() const {
  if (!out_) throw WriteError(file_, errno);
}

void VcdFile::begin_time(std::uint64_t time) {
  check_written();
  pending_time_ = time;
}

void VcdFile::set(std::size_t number, std::optional<std::int32_t> value) {
  if (is_known_[number] && values_[number] == value) return;
  if (pending_time_) out_ << '#' << *pending_time_ << '\n';
  pending_time_.reset();
  is_known_[number] = true;
  values_[number] = value;
  ++changes_;
  const std::string text = digits(value, bits_[number]);
  if (bits_[number] == 1) {
    out_ << text << identifier(number) << '\n';
  } else {
    out_ << 'b' << text << ' ' << identifier(number) << '\n';
  }
}

void VcdFile::finish(std::uint64_t time) {
  out_ << '#' << time << '\n';
  out_.close();
  check_written();
}

}  // namespace cfc
