#pragma once

#include <filesystem>

namespace cfc {

/// A folder of the project (golden/models, rtl_ref, ...): that of the current directory if it has
/// one, else that of the checkout from which this program was built.
std::filesystem::path project_folder(const std::filesystem::path& folder);

}  // namespace cfc
