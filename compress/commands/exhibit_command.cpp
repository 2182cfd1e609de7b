#include "compress/commands/exhibit_command.h"

#include <fmt/format.h>

#include "compress/exhibits/figures.h"
#include "compress/exhibits/gnuplot.h"
#include "compress/exhibits/tables.h"
#include "compress/training/progress.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::compress {
namespace {

void show(const Exhibit& exhibit, const std::filesystem::path& output) {
  const std::string text = to_text(exhibit);
  fmt::print("{}", text);
  if (output.empty()) return;
  write_whole_file(output / (exhibit.name + ".txt"), text);
  write_whole_file(output / (exhibit.name + ".csv"), to_csv(exhibit.data));
  draw_svg(exhibit, output / (exhibit.name + ".svg"));
}

/// Before the exhibit is made, which may take a while.
void make_output_folder(const ExhibitOptions& options) {
  if (!options.output.empty()) make_folder(options.output);
}

Exhibit make_table(int number, const FinishedSearch& search, TrainedNetworks& networks) {
  switch (number) {
    case 1:
      return table_1(networks);
    case 2:
      return table_2(search);
    case 3:
      return table_3(search);
    default:
      throw InputError(fmt::format("there is no table {}: they are 1 to 3", number));
  }
}

/// The networks of the search. They grow with what an exhibit needs, so no others may come in.
TrainedNetworks networks_of(const FinishedSearch& search, const ExhibitOptions& options) {
  TrainedNetworks networks(options.search, options.data, search.schooling);
  if (networks.data_digest() != search.data)
    throw InputError(
        fmt::format("{} holds other data than the search in {}: give --data the "
                    "folder that was searched with",
                    options.data.string(), options.search.string()));
  return networks;
}

}  // namespace

void table(const ExhibitOptions& options) {
  const FinishedSearch search = read_search(options.search);
  TrainedNetworks networks = networks_of(search, options);
  make_output_folder(options);
  show(make_table(options.number, search, networks), options.output);
}

void figure(const ExhibitOptions& options) {
  const FinishedSearch search = read_search(options.search);
  TrainedNetworks networks = networks_of(search, options);
  make_output_folder(options);
  show(figure(options.number, search, networks), options.output);
}

}  // namespace cfc::compress
