#include "compress/commands/data_options.h"

#include <cstdlib>
#include <string>

#include "support/command/command_line.h"

namespace cfc::compress {
namespace {

std::filesystem::path usual_folder() {
  const char* named = std::getenv("CFCSIM_DATA");
  return named != nullptr && *named != '\0' ? named : CFCSIM_SOURCE_DIR "/data/mnist";
}

CLI::Option* add_numbers(CLI::App& command, const std::string& name, std::string& file,
                         const std::string& what) {
  return command.add_option(name, file, what)->type_name(kKeyedInput)->default_str("");
}

/// Options `prefix`inputs, `prefix`labels and `prefix`targets. Returns the first.
CLI::Option* add_vectors(CLI::App& command, const std::string& prefix, VectorFiles& files,
                         const std::string& what) {
  CLI::Option* inputs = add_numbers(command, prefix + "inputs", files.inputs, what);
  CLI::Option* labels = add_numbers(command, prefix + "labels", files.labels,
                                    "Their classes, from 0, in the same kinds of file")
                            ->needs(inputs);
  add_numbers(command, prefix + "targets", files.targets,
              "Instead of classes numbers that the outputs are to come near, a row each")
      ->needs(inputs)
      ->excludes(labels);
  return inputs;
}

}  // namespace

CLI::Option* add_folder(CLI::App& command, std::filesystem::path& folder) {
  folder = usual_folder();
  return command
      .add_option("--data", folder,
                  "Folder of four files in the format of MNIST; default: $CFCSIM_DATA, else "
                  "data/mnist")
      ->type_name(kInputFolder);
}

CLI::Option* add_source(CLI::App& command, DataSource& source) {
  CLI::Option* folder = add_folder(command, source.folder);
  return add_vectors(command, "--", source.vectors,
                     "Vectors instead: X.npy, X.npz:KEY or X.csv, one a row")
      ->excludes(folder);
}

void add_split_source(CLI::App& command, DataSource& source) {
  CLI::Option* inputs = add_source(command, source);
  add_vectors(command, "--validation-", source.validation,
              "Vectors to hold out; default: the last 15 % of --inputs")
      ->needs(inputs);
}

}  // namespace cfc::compress
