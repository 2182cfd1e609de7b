#include "cfcsim/export/export_command.h"

#include <fmt/format.h>

#include "golden/inference.h"
#include "support/command/command_line.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/temporary_folder.h"
#include "support/whole_file.h"
#include "testbench/rtl/rtl_export.h"
#include "testbench/rtl/rtl_library.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr golden::Index kDefaultImages = 3;

/// "new/" names the folder `new`.
fs::path without_slash(const fs::path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

void write_files(const GeneratedFiles& files, const fs::path& folder) {
  for (const auto& [name, text] : files) write_whole_file(folder / name, text);
}

void copy_sources(const std::vector<fs::path>& sources, const fs::path& folder) {
  fs::create_directories(folder / "rtl_ref");
  for (const fs::path& source : sources) {
    fs::copy_file(source, folder / "rtl_ref" / source.filename());
  }
}

nlohmann::json to_json(const GeneratedFiles& files, golden::Index images,
                       const nlohmann::json& manifest) {
  nlohmann::json document = manifest;
  document["schema"] = "cfcsim.rtl/1";
  document["images"] = images;
  for (const auto& [name, text] : files) document["files"].push_back(name);
  return document;
}

}  // namespace

void ExportRtlOptions::add_to(CLI::App& command) {
  run.add_to(command);
  run.images = kDefaultImages;
  command.get_option("--images")
      ->description(fmt::format("How many images the bench has; default: {}", kDefaultImages));
  command.add_option("-o,--output", folder, "Folder to be made")
      ->type_name(kOutputFolder)
      ->required();
}

int export_rtl(const ExportRtlOptions& options) {
  const fs::path folder = without_slash(options.folder);
  if (fs::exists(folder)) {
    throw InputError(fmt::format("{}: is there already; give a new folder", folder.string()));
  }
  const RunSubject subject = options.run.subject();
  const auto& [network, configuration] = std::tie(subject.network, subject.configuration);
  const golden::MatrixU8 images = subject.chosen_images();
  const golden::InferenceResult expected = golden::infer(network, images);

  GeneratedFiles files = rtl_memories(network, configuration);
  files["accelerator.v"] = rtl_accelerator(network, configuration);
  files.merge(rtl_bench(network, configuration, images, expected.logits()));
  const nlohmann::json manifest = manifest_json(subject.manifest, configuration);
  const auto sources = rtl_sources();  // first: the new folder may be made in that of the RTL
  const fs::path place = fs::absolute(folder).parent_path();
  make_folder(place);
  const TemporaryFolder workshop(place);  // so that the folder appears whole or not at all
  const fs::path partial = workshop / "partial";
  try {
    make_folder(partial);
    write_files(files, partial);
    copy_sources(sources, partial);
    throw_if_interrupted(folder.string() + " was not made");
    if (options.run.json) write_json(to_json(files, images.rows(), manifest), *options.run.json);
    fs::rename(partial, folder);
  } catch (const fs::filesystem_error& error) {
    throw InputError(fmt::format("{}: {}", folder.string(), error.what()));
  }
  if (options.run.json == "-") return kExitOk;
  fmt::print(
      "{0}: {1} files. With Icarus, in that folder:\n"
      "  iverilog -g2005 -o bench accelerator_bench.v accelerator.v rtl_ref/*.v && vvp bench\n",
      folder.string(), files.size());
  return kExitOk;
}

}  // namespace cfc
