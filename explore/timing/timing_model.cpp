#include "explore/timing/timing_model.h"

#include <algorithm>
#include <map>
#include <optional>

#include "explore/timing/access_counts.h"
#include "explore/timing/network_timeline.h"

namespace cfc::explore {
namespace {

/// Finds out when a stream is as it was before.
class RepetitionFinder {
 public:
  struct Period {
    Cycle images{};
    Cycle cycles{};
    std::vector<LinkLedger> begin;  ///< ledgers at both ends
    std::vector<LinkLedger> end;
  };

  /// Looks at the stream after an image; returns the period if this state was there before.
  std::optional<Period> look(const NetworkTimeline& timeline) {
    const Moment now{++images_, timeline.cycles(), timeline.ledgers()};
    const auto [found, is_new] = seen_.try_emplace(timeline.state(), now);
    if (is_new) return {};
    const Moment& then = found->second;
    return Period{now.image - then.image, now.cycle - then.cycle, then.ledgers, now.ledgers};
  }

 private:
  struct Moment {
    Cycle image{};
    Cycle cycle{};
    std::vector<LinkLedger> ledgers;
  };
  Cycle images_{0};
  std::map<std::vector<Cycle>, Moment> seen_;
};

void advance(NetworkTimeline& timeline, Cycle images) {
  for (Cycle i = 0; i < images; ++i) timeline.advance();
}

/// Skips as many whole periods as fit into `images` and streams what is left.
void repeat(NetworkTimeline& timeline, const RepetitionFinder::Period& period, Cycle images) {
  const Cycle times = images / period.images;
  std::vector<LinkLedger> booked;
  for (std::size_t i = 0; i < period.begin.size(); ++i) {
    booked.push_back(growth(period.begin[i], period.end[i], times));
  }
  timeline.skip(times * period.cycles, booked);
  advance(timeline, images % period.images);
}

void stream(NetworkTimeline& timeline, Cycle images) {
  RepetitionFinder finder;
  for (Cycle left = images; left > 0;) {
    timeline.advance();
    --left;
    const auto period = finder.look(timeline);
    if (!period) continue;
    // An image can share cycles, and so a peak, with the two before it: these must have repeated
    // themselves too.
    const Cycle settling = std::min<Cycle>(left, 2);
    advance(timeline, settling);
    return repeat(timeline, *period, left - settling);
  }
}

/// Books what is left of `total` to `entry`, and drops entries of no cycle.
Ledger completed(Ledger ledger, const std::string& entry, std::uint64_t total) {
  for (auto it = ledger.begin(); it != ledger.end();) {
    total -= it->second;
    it = it->second == 0 ? ledger.erase(it) : std::next(it);
  }
  if (total > 0) ledger[entry] = total;
  return ledger;
}

std::uint64_t count(Cycle cycles) { return static_cast<std::uint64_t>(cycles); }

std::map<std::string, Ledger> controllers(const LayerTimeline& layer, std::uint64_t images,
                                          std::uint64_t total) {
  const Engine& engine = layer.engine();
  const LinkLedger& link = layer.ledger();
  const Ledger l_scm{{"load", count(link.load)},
                     {"wait_input", count(link.wait_input)},
                     {"run", images * count(engine.cycles())},
                     {"send", count(link.send)},
                     {"wait_next", count(link.wait_next)}};
  std::map<std::string, Ledger> all{
      {"l_scm", completed(l_scm, "idle", total)},
      {"mcm", completed({{"read", count(link.mcm_read)}}, "write", total)}};
  for (auto [name, ledger] : engine.busy()) {
    for (auto& entry : ledger) entry.second *= images;
    all[name] = completed(ledger, "idle", total);
  }
  return all;
}

/// By name, of the memories that the layer has.
std::map<std::string, MemoryStatistics> memories(const Engine& engine, MemoryArray accesses,
                                                 const Peaks& peaks) {
  std::map<std::string, MemoryStatistics> all;
  for (std::size_t i = 0; i < kMemories; ++i) {
    const auto memory = static_cast<MemoryId>(i);
    if (!engine.has(memory)) continue;
    accesses[i].peak_bits_per_cycle = peaks.memory[i];
    all[name_of(memory)] = accesses[i];
  }
  return all;
}

RunStatistics statistics(const Configuration& configuration, const NetworkTimeline& timeline,
                         std::uint64_t images) {
  RunStatistics run{images, count(timeline.cycles()), {}};
  int beat_width = configuration.input_link_width;
  for (const LayerTimeline& layer : timeline.layers()) {
    const Engine& engine = layer.engine();
    run.layers.push_back(
        {images, images * count(engine.cycles()), layer.peaks().layer,
         memories(engine, accesses_by_memory(engine, beat_width, images), layer.peaks()),
         controllers(layer, images, run.cycles)});
    beat_width = engine.layer().output_beat_width();
  }
  return run;
}

}  // namespace

RunStatistics predict(const Configuration& configuration, const std::vector<LayerWidths>& widths,
                      std::uint64_t images) {
  NetworkTimeline timeline(configuration, widths);
  stream(timeline, static_cast<Cycle>(images));
  return statistics(configuration, timeline, images);
}

RunStatistics predict_every_image(const Configuration& configuration,
                                  const std::vector<LayerWidths>& widths, std::uint64_t images) {
  NetworkTimeline timeline(configuration, widths);
  advance(timeline, static_cast<Cycle>(images));
  return statistics(configuration, timeline, images);
}

}  // namespace cfc::explore
