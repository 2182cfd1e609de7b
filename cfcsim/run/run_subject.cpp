#include "cfcsim/run/run_subject.h"

#include <fmt/format.h>

#include "explore/silicon/synthesised_clock.h"
#include "golden/onnx_file.h"
#include "support/command/named_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/project_folder.h"

namespace cfc {

namespace fs = std::filesystem;

golden::MatrixU8 RunSubject::chosen_images() const {
  return dataset.images.middleRows(first_image, images);
}

Configuration configuration_in(Schedule schedule, Settings settings,
                               const explore::Workload& workload,
                               const explore::Technology* technology) {
  settings.defaults.schedule = schedule;
  for (auto& [number, layer] : settings.layers) layer.schedule.reset();
  return explore::resolve(settings, workload, technology);
}

fs::path default_dense_network() {
  return project_folder("golden/models") / "mnist-784-50-100-10.onnx";
}

std::optional<DenseTwin> find_dense_twin(const fs::path& file, const golden::Network& network) {
  golden::Network dense = golden::read_network(file);
  if (!golden::is_dense_twin(dense, network)) return {};
  return DenseTwin{std::move(dense), file.filename().string(), sha256_of_file(file)};
}

DenseTwin dense_twin(const fs::path& file, const golden::Network& network, const fs::path& like) {
  if (auto twin = find_dense_twin(file, network)) return *std::move(twin);
  throw InputError(fmt::format(
      "--dense-network {}: should have plain layers of the same shapes as {}; give such a one",
      file.string(), like.string()));
}

Prices read_prices(const std::string& name) {
  const fs::path file = energy_file(name);
  return {explore::EnergyTable::read(file), file};
}

std::string bank_text(const explore::EnergyTable& table) {
  if (const auto& words = table.word_prices()) {
    return fmt::format(
        "banks of up to {} words of {} bits, the deepest and the widest of the table",
        words->most_words(), words->most_bits());
  }
  return fmt::format("banks of {:.0f} bits, the largest memory of the table",
                     table.bank_bits().value());
}

std::optional<Prices> find_prices(const std::string& name) {
  if (name == kNoPrices) return {};
  return read_prices(name);
}

}  // namespace cfc
