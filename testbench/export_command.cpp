#include "testbench/export_command.h"

#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "golden/error.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "testbench/rtl_export.h"
#include "testbench/rtl_library.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr golden::Index kDefaultImages = 3;

void write_files(const GeneratedFiles& files, const fs::path& folder) {
  for (const auto& [name, text] : files) {
    std::ofstream out(folder / name);
    out << text;
    out.close();
    if (!out) throw InputError(fmt::format("{}: cannot be written", (folder / name).string()));
  }
}

void copy_sources(const fs::path& folder) {
  fs::create_directories(folder / "rtl_ref");
  for (const auto& entry : fs::directory_iterator(rtl_sources())) {
    if (entry.path().extension() != ".v") continue;
    fs::copy_file(entry.path(), folder / "rtl_ref" / entry.path().filename(),
                  fs::copy_options::overwrite_existing);
  }
}

}  // namespace

void ExportRtlOptions::add_to(CLI::App& command) {
  run.add_to(command);
  command.add_option("-o,--output", folder, "Folder to be made")->required();
}

int export_rtl(const ExportRtlOptions& options) {
  const golden::Network network = golden::read_network(options.run.network);
  const Configuration configuration = options.run.configuration_for(network);
  const golden::Dataset dataset = options.run.dataset_for(network);
  const golden::Index count = options.run.images ? options.run.images_of(dataset)
                                                 : std::min(kDefaultImages, dataset.size());
  const golden::MatrixU8 images = dataset.images.middleRows(options.run.first_image, count);
  const golden::InferenceResult expected = golden::infer(network, images);

  GeneratedFiles files = rtl_memories(network, configuration);
  files["accelerator.v"] = rtl_accelerator(network, configuration);
  files.merge(rtl_bench(network, configuration, images, expected.logits()));
  if (fs::exists(options.folder)) {
    throw InputError(
        fmt::format("{}: is there already; give a new folder", options.folder.string()));
  }
  // The folder appears whole or not at all.
  const fs::path partial = options.folder.string() + fmt::format(".{}.partial", getpid());
  try {
    fs::create_directories(partial);
    write_files(files, partial);
    copy_sources(partial);
    fs::rename(partial, options.folder);
  } catch (const std::exception& error) {
    std::error_code ignored;
    fs::remove_all(partial, ignored);
    throw InputError(fmt::format("{}: {}", options.folder.string(), error.what()));
  }
  fmt::print(
      "{0}: {1} files. With Icarus, in that folder:\n"
      "  iverilog -g2005 -o bench accelerator_bench.v accelerator.v rtl_ref/*.v && vvp bench\n",
      options.folder.string(), files.size());
  return 0;
}

}  // namespace cfc
