#pragma once

namespace cfc {

/// How the programs of the project end (docs/reference/results.md).
enum ExitStatus : int {
  kExitOk = 0,
  kExitCheckFailed = 1,    ///< a mismatch: the answer to what was asked is no
  kExitBadInput = 2,       ///< bad usage, or input that cannot be used
  kExitFault = 3,          ///< an error of the program itself
  kExitInterrupted = 130,  ///< what a shell reports after SIGINT
};

}  // namespace cfc
