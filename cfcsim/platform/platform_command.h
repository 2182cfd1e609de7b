#pragma once

#include "cfcsim/platform/platform_options.h"

namespace cfc {

/// Returns the exit status: 0, 1 if a result differs from golden, 130 after an interrupt. Throws
/// InputError.
int platform(const PlatformOptions& options);

}  // namespace cfc
