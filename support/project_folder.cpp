#include "support/project_folder.h"

namespace cfc {

std::filesystem::path project_folder(const std::filesystem::path& folder) {
  return CFCSIM_SOURCE_DIR / folder;
}

}  // namespace cfc
