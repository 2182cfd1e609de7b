#pragma once

#include <filesystem>

namespace cfc {

/// A folder of the project (golden/models, rtl_ref, ...): that of the checkout from which this
/// program was built. Never one of the current directory: what stands there is not run or read
/// unasked.
std::filesystem::path project_folder(const std::filesystem::path& folder);

}  // namespace cfc
