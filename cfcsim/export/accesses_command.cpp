#include "cfcsim/export/accesses_command.h"

#include <fmt/format.h>

#include "support/command/choice_option.h"
#include "support/command/command_line.h"
#include "support/interrupt.h"
#include "support/progress.h"
#include "support/whole_file.h"
#include "testbench/access_recorder.h"
#include "testbench/stream_run.h"
#include "testbench/weight_fetches.h"

namespace cfc {
namespace {

const Choices<AccessFormat> kFormats{{"csv", AccessFormat::csv},
                                     {"ramulator", AccessFormat::ramulator},
                                     {"dramsys", AccessFormat::dramsys}};

std::string csv_line(const TracedAccess& access) {
  const AccessEvent& event = access.event;
  return fmt::format("{},{},{},{},{},{},{}\n", access.cycle, access.layer, event.memory,
                     event.kind == AccessKind::read ? "read" : "write", event.first, event.count,
                     event.bits);
}

/// What the file says about accesses, line by line.
class AccessLines {
 public:
  AccessLines(AccessFormat format, const golden::Network& network)
      : format_(format), fetches_(network) {}

  std::string header() const {
    return format_ == AccessFormat::csv ? "cycle,layer,memory,access,address,elements,bits\n" : "";
  }

  /// None, one or several.
  std::string of(const TracedAccess& access) {
    if (format_ == AccessFormat::csv) {
      ++count_;
      return csv_line(access);
    }
    std::string lines;
    for (const std::uint64_t address : fetches_.bursts_for(access)) {
      ++count_;
      lines += format_ == AccessFormat::ramulator
                   ? fmt::format("LD 0x{:x}\n", address)
                   : fmt::format("{}:\tread\t0x{:x}\n", access.cycle, address);
    }
    return lines;
  }

  std::uint64_t count() const { return count_; }  ///< lines without the header
  const std::vector<WeightRegion>& layout() const { return fetches_.layout(); }

 private:
  const AccessFormat format_;
  WeightFetches fetches_;
  std::uint64_t count_{0};
};

/// What the export came to.
struct Summary {
  Manifest manifest;
  golden::Index images{};
  std::uint64_t cycles{};
  std::uint64_t lines{};
  std::vector<WeightRegion> layout;
};

nlohmann::json to_json(const ExportAccessesOptions& options, const Configuration& configuration,
                       const Summary& summary) {
  nlohmann::json document = {{"schema", "cfcsim.accesses/1"},
                             {"images", summary.images},
                             {"cycles", summary.cycles},
                             {"file", options.file.filename().string()},
                             {"format", name_of(kFormats, options.format)},
                             {"lines", summary.lines}};
  document.update(manifest_json(summary.manifest, configuration));
  if (options.format == AccessFormat::csv) return document;
  document["burst_bytes"] = WeightFetches::kBurstBytes;
  for (const WeightRegion& region : summary.layout) {
    document["layout"].push_back({{"layer", region.layer},
                                  {"memory", region.memory},
                                  {"address", region.address},
                                  {"bytes", region.bytes()},
                                  {"elements", region.elements},
                                  {"element_bits", region.element_bits}});
  }
  return document;
}

std::string to_text(const ExportAccessesOptions& options, const Configuration& configuration,
                    const Summary& summary) {
  std::string text = fmt::format(
      "{}: {} {} of {} images in {} cycles\n", options.file.string(), summary.lines,
      options.format == AccessFormat::csv ? "accesses" : "fetches of 64 bytes from DRAM",
      summary.images, summary.cycles);
  if (options.format == AccessFormat::dramsys) {
    text += fmt::format("in DRAMSys: \"clkMhz\": {:g}, \"dataLength\": {}\n",
                        1000 / configuration.clock_period_ns, WeightFetches::kBurstBytes);
  }
  return text;
}

}  // namespace

void ExportAccessesOptions::add_to(CLI::App& command) {
  run.add_to(command);
  run.images = 1;
  command.get_option("--images")->description("How many images; default: 1");
  command.add_option("-o,--output", file, "File to be written; what is there is replaced")
      ->type_name(kOutput)
      ->required();
  add_choice(command, "--format", format, kFormats,
             "csv: every access of every memory; ramulator (2, LoadStoreTrace), dramsys (STL): "
             "weights fetched from DRAM for each image");
}

int export_accesses(const ExportAccessesOptions& options) {
  const RunSubject subject = options.run.subject();
  const Configuration& configuration = subject.configuration;
  const golden::Index count = subject.images;
  const golden::MatrixU8 images = subject.chosen_images();

  WholeFile file(options.file);
  AccessLines lines(options.format, subject.network);
  file.write(lines.header());
  AcceleratorBench bench("bench", subject.network, configuration, images, 0, count);
  AccessRecorder recorder(bench);
  bench.record_after(static_cast<std::uint64_t>(count));
  {
    Progress progress("images", static_cast<std::uint64_t>(count));
    bench.reset();
    simulate(bench, configuration, [&](std::uint64_t) {
      for (const TracedAccess& access : recorder.take()) file.write(lines.of(access));
      progress.show(bench.images());
    });
  }
  if (!bench.finished()) {
    fmt::print(stderr, "cfcsim: interrupted; {} is not written\n", options.file.string());
    return kExitInterrupted;
  }
  const Summary summary{subject.manifest, count,
                        bench.recorded_after(static_cast<std::uint64_t>(count)).cycles,
                        lines.count(), lines.layout()};
  const auto& json_file = options.run.json;
  if (json_file) write_json(to_json(options, configuration, summary), *json_file);
  file.finish();  // behind the JSON: none of the two without the other
  if (json_file != "-") fmt::print("{}", to_text(options, configuration, summary));
  return kExitOk;
}

}  // namespace cfc
