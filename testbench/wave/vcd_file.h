#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "support/error.h"

namespace cfc {

/// A signal of a waveform.
struct WaveSignal {
  std::string path;  ///< scopes and name, with dots between
  int bits{1};       ///< of the low end of its values
};

/// Writes a VCD (IEEE 1364) to `file`, change by change: first `declare`, then `begin_time` and the
/// values of that time. Values that did not change take no room.
class VcdFile {
 public:
  /// Names the file; `cause` is that of the system, as in errno.
  struct WriteError : InputError {
    WriteError(const std::filesystem::path& file, int cause);
    int cause;
  };

  /// `timescale`, e.g. "1 ps". Throws WriteError, as everything here, if the file cannot be
  /// written.
  VcdFile(std::filesystem::path file, const std::string& comment, const std::string& timescale);

  /// All signals; those of one scope must stand together. Their numbers are their positions.
  void declare(const std::vector<WaveSignal>& signals);

  void begin_time(std::uint64_t time);

  /// The value of signal `number` from now on; none: it floats.
  void set(std::size_t number, std::optional<std::int32_t> value);

  /// Ends the file at `time`; all of it has been written.
  void finish(std::uint64_t time);

  std::uint64_t changes() const { return changes_; }

 private:
  void check_written() const;
  void enter_scope(const std::string& scope);

  std::filesystem::path file_;
  std::ofstream out_;
  std::vector<std::string> scopes_;  ///< those that are open
  std::vector<int> bits_;
  std::vector<std::optional<std::int32_t>> values_;
  std::vector<bool> is_known_;
  std::optional<std::uint64_t> pending_time_;
  std::uint64_t changes_{0};
};

}  // namespace cfc
