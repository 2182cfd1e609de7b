#include "cfcsim/lockstep_command.h"

#include <chrono>

#include <fmt/format.h>

#include "support/command/command_line.h"
#include "testbench/lockstep/lockstep.h"

namespace cfc {
namespace {

nlohmann::json to_json(const LockstepResult& result, double seconds) {
  nlohmann::json document = {
      {"schema", "cfcsim.lockstep/1"},
      {"images", result.images},
      {"cycles", result.cycles},
      {"values_compared", result.values_compared},
      {"cycles_per_second", static_cast<double>(result.cycles) / seconds},
      {"rtl_cycles_per_second", static_cast<double>(result.cycles) / result.rtl_seconds},
      {"difference", nullptr}};
  if (const auto& difference = result.difference) {
    document["difference"] = {{"cycle", difference->cycle},
                              {"layer", difference->layer},
                              {"signal", difference->signal},
                              {"model", difference->model},
                              {"rtl", difference->rtl}};
  }
  return document;
}

std::string to_text(const LockstepResult& result, double seconds, const Manifest& manifest) {
  std::string text = fmt::format("{} on {}\n", manifest.name(), manifest.config_source);
  if (const auto& difference = result.difference) {
    text += fmt::format("cycle {}, layer {}, {}: model {}, RTL {}\n", difference->cycle,
                        difference->layer, difference->signal, difference->model, difference->rtl);
  }
  return text + fmt::format(
                    "{} images, {} cycles, {} values compared, {}\n"
                    "{:.1f} s in all; the Verilated RTL alone runs {:.0f} cycles a second\n",
                    result.images, result.cycles, result.values_compared,
                    result.difference ? "stopped at the first difference" : "0 differences",
                    seconds, static_cast<double>(result.cycles) / result.rtl_seconds);
}

}  // namespace

void LockstepOptions::add_to(CLI::App& command) {
  run.add_to(command);
  command.add_option("--stalls", stall_seed, "Break every link off at random, from this seed");
  command
      .add_option("--waveform", waveform,
                  "Where a difference is drawn as VCD, both sides of the cycles around it")
      ->type_name(kOutput);
}

int lockstep(const LockstepOptions& options) {
  const RunSubject subject = options.run.subject();
  const auto started = std::chrono::steady_clock::now();
  LockstepWaveform waveform;
  const LockstepResult result =
      run_lockstep({subject.network, subject.configuration, subject.chosen_images(),
                    options.stall_seed, options.waveform ? &waveform : nullptr});
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  const auto& json_file = options.run.json;
  if (json_file) {
    nlohmann::json document = to_json(result, elapsed.count());
    document.update(manifest_json(subject.manifest, subject.configuration));
    document["stall_seed"] =
        options.stall_seed ? nlohmann::json(*options.stall_seed) : nlohmann::json();
    write_json(document, *json_file);
  }
  if (json_file != "-") fmt::print("{}", to_text(result, elapsed.count(), subject.manifest));
  // Last: a place that cannot be written must not hide the difference.
  if (result.difference && options.waveform) waveform.write(*options.waveform);
  const bool is_whole = result.images == static_cast<std::uint64_t>(subject.images);
  return result.difference || !is_whole ? kExitCheckFailed : kExitOk;
}

}  // namespace cfc
