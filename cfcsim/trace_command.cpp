#include "cfcsim/trace_command.h"

#include <fmt/format.h>

#include "support/command/command_line.h"
#include "support/error.h"
#include "support/numbers.h"
#include "support/temporary_folder.h"
#include "support/tool.h"
#include "support/whole_file.h"
#include "testbench/wave/trace.h"
#include "testbench/wave/trace_save_file.h"
#include "testbench/wave/vcd_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

struct Range {
  int first;
  int last;
};

/// `5` or `5-9`.
Range parse_range(const char* option, const std::string& text) {
  constexpr int kMost = 999'999;
  const std::size_t dash = text.find('-');
  try {
    const int first = parse_integer(text.substr(0, dash), 0, kMost);
    const bool is_one = dash == std::string::npos;
    const int last = is_one ? first : parse_integer(text.substr(dash + 1), 0, kMost);
    if (first <= last) return {first, last};
    throw ValueError(fmt::format("the range is reversed; give {}-{}", last, first));
  } catch (const ValueError& error) {
    throw InputError(fmt::format("{} {}: {}", option, text, error.what()));
  }
}

std::optional<std::uint64_t> cycle_of(const char* option, std::optional<std::int64_t> cycle) {
  if (cycle && *cycle < 0)
    throw InputError(fmt::format("{} {}: cycles count from 0", option, *cycle));
  return cycle;
}

TraceWindow window_of(const TraceOptions& options) {
  TraceWindow window{
      cycle_of("--from", options.from), cycle_of("--to", options.to), options.layer, {}};
  if (options.ranks) {
    const auto [first, last] = parse_range("--rank", *options.ranks);
    window.ranks = RankRange{first, last};
  }
  return window;
}

TraceFilter filter_of(const TraceOptions& options) {
  TraceFilter filter{options.scopes, options.depth, {}};
  if (options.lanes) {
    const auto [first, last] = parse_range("--lanes", *options.lanes);
    filter.lanes = LaneRange{first, last};
  }
  return filter;
}

/// Traces; a VCD that cannot be written is named by its place to be.
TraceResult waves_of(const TraceOptions& options, const TraceTask& task,
                     const TemporaryFolder& workshop) {
  try {
    return options.rtl ? trace_model_and_rtl(task, workshop / "trace.vcd")
                       : trace_model(task, workshop / "trace.vcd");
  } catch (const VcdFile::WriteError& error) {
    throw VcdFile::WriteError(options.folder / "trace.vcd", error.cause);
  }
}

void to_fst(const TemporaryFolder& workshop) {
  try {
    run_tool({"vcd2fst", workshop / "trace.vcd", workshop / "trace.fst"}, workshop / "vcd2fst.log");
  } catch (const InputError& error) {
    throw InputError(fmt::format("--fst: {} (Debian: gtkwave)", error.what()));
  }
}

nlohmann::json to_json(const RunSubject& subject, const TraceResult& result,
                       const std::vector<std::string>& files) {
  nlohmann::json document = {{"schema", "cfcsim.trace/1"},      {"files", files},
                             {"images", subject.images},        {"first_cycle", result.first_cycle},
                             {"last_cycle", result.last_cycle}, {"signals", result.signals.size()},
                             {"changes", result.changes}};
  document.update(manifest_json(subject.manifest, subject.configuration));
  return document;
}

std::string to_text(const TraceOptions& options, const TraceResult& result) {
  return fmt::format("cycles {} to {}{}, {} signals{}, {} changes\ngtkwave {}\n",
                     result.first_cycle, result.last_cycle,
                     result.ran_to_its_end ? fmt::format(" of {}", result.run_cycles) : "",
                     result.signals.size(), options.rtl ? " of model and RTL" : "", result.changes,
                     (options.folder / "trace.gtkw").string());
}

}  // namespace

void TraceOptions::add_to(CLI::App& command) {
  run.add_to(command);
  run.images = 1;
  command.get_option("--images")->description("How many images; default: 1");
  command.add_option("-o,--output", folder, "Folder of the waveforms; what is there is replaced")
      ->type_name(kOutputFolder)
      ->capture_default_str();
  command.add_option("--from", from, "First cycle, from 0, in which the first beat is offered");
  command.add_option("--to", to, "Last cycle");
  command.add_option("--layer", layer,
                     "From this layer's first Load to its next Idle; with --rank: that layer");
  command.add_option("--rank", ranks,
                     "While layer --layer (default 1) works on these operations, K or K-K, from 0");
  command.add_option("--scope", scopes, "Only these scopes, e.g. layer_1.dcl")
      ->allow_extra_args(false);
  command
      .add_option("--depth", depth,
                  "Levels: 1 links and z; 2 L-SCM, MCM too; 3 the engines' controllers, lanes")
      ->capture_default_str()
      ->check(CLI::Range(1, 3));
  command.add_option(
      "--lanes", lanes,
      "Lanes to show, L or L-L; of a calculator that has not so many, and by default, the "
      "eight in the middle");
  command.add_flag("--rtl", rtl, "The same signals from the Verilog RTL, too");
  command.add_flag("--fst", fst, "Compress the waveform as FST, too (needs GTKWave's vcd2fst)");
}

int trace(const TraceOptions& options) {
  const RunSubject subject = options.run.subject();
  const golden::MatrixU8 images = subject.chosen_images();
  const TraceTask task{subject.network, subject.configuration, images, window_of(options),
                       filter_of(options)};
  make_folder(options.folder);
  const TemporaryFolder workshop(options.folder);  // so that files move to their places
  const TraceResult result = waves_of(options, task, workshop);
  if (options.fst) to_fst(workshop);

  std::vector<std::string> files{"trace.vcd"};
  if (options.fst) files.emplace_back("trace.fst");
  for (const std::string& file : files) fs::rename(workshop / file, options.folder / file);
  std::vector<std::string> sides{"model"};
  if (options.rtl) sides.emplace_back("rtl");
  for (const auto& [name, text] :
       gtkwave_files(result, subject.configuration, sides, options.folder, files.back())) {
    fs::create_directories((options.folder / name).parent_path());
    write_whole_file(options.folder / name, text);
    files.push_back(name);
  }
  const auto& json_file = options.run.json;
  if (json_file) write_json(to_json(subject, result, files), *json_file);
  if (json_file != "-") fmt::print("{}", to_text(options, result));
  return kExitOk;
}

}  // namespace cfc
