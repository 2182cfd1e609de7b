#pragma once

#include "compress/network/data.h"

namespace cfc::compress {

/// Says on standard error what of the data may not be meant so: classes that are not among the
/// vectors held out, and features that hardly move in the scale that all share.
void note_what_is_odd(const Data& data);

}  // namespace cfc::compress
