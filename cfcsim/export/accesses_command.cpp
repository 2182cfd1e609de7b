#include "cfcsim/export/accesses_command.h"

#include <cmath>

#include <fmt/format.h>

#include "explore/silicon/synthesised_clock.h"
#include "explore/timing/workload_run.h"
#include "explore/workload/random_network.h"
#include "support/command/choice_option.h"
#include "support/command/command_line.h"
#include "support/error.h"
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

/// The clock in which the times of a DRAMSys trace count: a whole number of MHz, so a cycle may
/// have to be several ticks of 1 ps.
struct PlayerClock {
  std::uint64_t mhz;
  std::uint64_t ticks_per_cycle;
};

PlayerClock player_clock(const Configuration& configuration) {
  constexpr std::uint64_t kPicosecondsOfMhz = 1'000'000;
  const auto period_ps =
      static_cast<std::uint64_t>(std::llround(configuration.clock_period_ns * 1e3));
  if (kPicosecondsOfMhz % period_ps == 0) return {kPicosecondsOfMhz / period_ps, 1};
  return {kPicosecondsOfMhz, period_ps};
}

std::string csv_line(const TracedAccess& access, int layers_before) {
  const AccessEvent& event = access.event;
  return fmt::format("{},{},{},{},{},{},{}\n", access.cycle, access.layer + layers_before,
                     event.memory, event.kind == AccessKind::read ? "read" : "write", event.first,
                     event.count, event.bits);
}

/// Whose accesses are written: a network, or a chain of a workload with random weights.
struct Subject {
  golden::Network network;
  Configuration whole;          ///< of all layers of the workload
  Configuration configuration;  ///< of these
  golden::MatrixU8 inputs;
  golden::Index images{};
  int layers_before{};  ///< layers of the workload before the chain
  Manifest manifest;
};

Subject network_subject(const ExportAccessesOptions& options) {
  RunSubject run = options.run.subject();
  golden::MatrixU8 inputs = run.chosen_images();
  return {std::move(run.network), run.configuration, run.configuration,
          std::move(inputs),      run.images,        0,
          std::move(run.manifest)};
}

explore::Chain chosen_chain(const ExportAccessesOptions& options,
                            const explore::Workload& workload) {
  const std::vector<explore::Chain> chains = workload.chains();
  if (options.chain >= 1 && options.chain <= chains.size()) return chains[options.chain - 1];
  throw InputError(fmt::format("--chain {}: {} has chains 1 to {}", options.chain,
                               *options.workload.file, chains.size()));
}

Subject workload_subject(const ExportAccessesOptions& options) {
  constexpr std::uint64_t kSeed = 1;
  const explore::Workload workload = options.workload.read();
  const explore::Chain chain = chosen_chain(options, workload);
  const std::uint64_t images = inferences_of(options.run);
  explore::check_fillable(workload, images);
  const Settings settings = settings_of(options.run.config, options.run.overrides);
  Subject subject;
  std::optional<TechnologySource> technology = options.run.technology_for(settings);
  subject.whole = explore::resolve(settings, workload, cells_of(technology));
  subject.configuration = explore::machine_of(subject.whole, chain);
  subject.network = explore::random_network(workload, chain, subject.configuration, kSeed);
  subject.inputs = explore::random_vectors(explore::vectors_of(chain, images),
                                           subject.configuration.layers.front().shape.m, kSeed);
  subject.images = static_cast<golden::Index>(images);
  subject.layers_before = static_cast<int>(chain.first);
  subject.manifest = options.workload.manifest(workload, options.run, kSeed);
  subject.manifest.technology = std::move(technology);
  return subject;
}

/// What the file says about accesses, line by line.
class AccessLines {
 public:
  AccessLines(const ExportAccessesOptions& options, const Subject& subject)
      : options_(options),
        layers_before_(subject.layers_before),
        clock_(player_clock(subject.configuration)),
        fetches_(subject.network) {}

  std::string header() const {
    return options_.format == AccessFormat::csv
               ? "cycle,layer,memory,access,address,elements,bits\n"
               : "";
  }

  /// None, one or several.
  std::string of(const TracedAccess& access) {
    if (options_.format == AccessFormat::csv) {
      ++count_;
      return csv_line(access, layers_before_);
    }
    std::string lines;
    for (const std::uint64_t address : fetches_.bursts_for(access)) {
      lines += options_.format == AccessFormat::ramulator ? loads_of_burst(address)
                                                          : read_of_burst(access.cycle, address);
    }
    return lines;
  }

  std::uint64_t count() const { return count_; }  ///< lines without the header
  const std::vector<WeightRegion>& layout() const { return fetches_.layout(); }

 private:
  /// Ramulator moves one access of its channel a line, whatever the address says.
  std::string loads_of_burst(std::uint64_t address) {
    std::string lines;
    for (std::uint64_t offset = 0; offset < WeightFetches::kBurstBytes;
         offset += options_.access_bytes) {
      ++count_;
      lines += fmt::format("LD 0x{:x}\n", address + offset);
    }
    return lines;
  }

  std::string read_of_burst(std::uint64_t cycle, std::uint64_t address) {
    ++count_;
    return fmt::format("{}:\tread\t0x{:x}\n", cycle * clock_.ticks_per_cycle, address);
  }

  const ExportAccessesOptions& options_;
  const int layers_before_;
  const PlayerClock clock_;
  WeightFetches fetches_;
  std::uint64_t count_{0};
};

/// What the export came to.
struct Summary {
  std::uint64_t cycles{};
  std::uint64_t lines{};
  std::vector<WeightRegion> layout;
};

nlohmann::json to_json(const ExportAccessesOptions& options, const Subject& subject,
                       const Summary& summary) {
  nlohmann::json document = {{"schema", "cfcsim.accesses/1"},
                             {"images", subject.images},
                             {"cycles", summary.cycles},
                             {"file", options.file.filename().string()},
                             {"format", name_of(kFormats, options.format)},
                             {"lines", summary.lines}};
  if (options.workload.file) document["chain"] = options.chain;
  document.update(manifest_json(subject.manifest, subject.whole));
  if (options.format == AccessFormat::csv) return document;
  document["burst_bytes"] = WeightFetches::kBurstBytes;
  if (options.format == AccessFormat::ramulator) document["access_bytes"] = options.access_bytes;
  for (const WeightRegion& region : summary.layout) {
    document["layout"].push_back({{"layer", region.layer + subject.layers_before},
                                  {"memory", region.memory},
                                  {"address", region.address},
                                  {"bytes", region.bytes()},
                                  {"elements", region.elements},
                                  {"element_bits", region.element_bits}});
  }
  return document;
}

std::string to_text(const ExportAccessesOptions& options, const Subject& subject,
                    const Summary& summary) {
  const std::string fetches =
      fmt::format("fetches of {} bytes from DRAM", options.format == AccessFormat::ramulator
                                                       ? options.access_bytes
                                                       : WeightFetches::kBurstBytes);
  std::string text = fmt::format(
      "{}: {} {} of {} images in {} cycles\n", options.file.string(), summary.lines,
      options.format == AccessFormat::csv ? "accesses" : fetches, subject.images, summary.cycles);
  if (options.format == AccessFormat::dramsys) {
    text += fmt::format("in DRAMSys: \"clkMhz\": {}, \"dataLength\": {}\n",
                        player_clock(subject.configuration).mhz, WeightFetches::kBurstBytes);
  }
  if (options.format == AccessFormat::ramulator) {
    text += fmt::format("for a channel whose access moves {} bytes (--access-bytes)\n",
                        options.access_bytes);
  }
  return text;
}

}  // namespace

void ExportAccessesOptions::add_to(CLI::App& command) {
  run.add_to(command);
  run.images = 1;
  command.get_option("--images")->description("How many images; default: 1");
  workload.add_to(command);
  command
      .add_option("--chain", chain,
                  "Which chain of the workload, from 1: layers that feed one another")
      ->capture_default_str()
      ->needs("--workload");
  command.add_option("-o,--output", file, "File to be written; what is there is replaced")
      ->type_name(kOutput)
      ->required();
  add_choice(command, "--format", format, kFormats,
             "csv: every access of every memory; ramulator (2, LoadStoreTrace), dramsys (STL): "
             "weights fetched from DRAM for each image");
  command
      .add_option("--access-bytes", access_bytes,
                  "Of a line for Ramulator: width x burst length / 8 of its channel, 16 for x16")
      ->capture_default_str()
      ->check(CLI::IsMember({8, 16, 32, 64}));
}

int export_accesses(const ExportAccessesOptions& options) {
  if (options.access_bytes != WeightFetches::kBurstBytes &&
      options.format != AccessFormat::ramulator) {
    throw InputError("--access-bytes changes nothing but --format ramulator; leave it out");
  }
  const Subject subject =
      options.workload.file ? workload_subject(options) : network_subject(options);
  const Configuration& configuration = subject.configuration;
  const golden::Index count = subject.inputs.rows();

  WholeFile file(options.file);
  AccessLines lines(options, subject);
  file.write(lines.header());
  AcceleratorBench bench("bench", subject.network, configuration, subject.inputs, 0, count);
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
  const Summary summary{bench.recorded_after(static_cast<std::uint64_t>(count)).cycles,
                        lines.count(), lines.layout()};
  const auto& json_file = options.run.json;
  if (json_file) write_json(to_json(options, subject, summary), *json_file);
  file.finish();  // behind the JSON: none of the two without the other
  if (json_file != "-") fmt::print("{}", to_text(options, subject, summary));
  return kExitOk;
}

}  // namespace cfc
