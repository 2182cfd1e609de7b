#include "testbench/wave/trace_window.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"

namespace cfc {
namespace {

void check_ranks(const RankRange& ranks, int layer, const LayerConfiguration& configuration) {
  if (!configuration.shape.r) {
    throw InputError(fmt::format(
        "--rank: layer {} is dense and has none; give --from and --to, or another --layer", layer));
  }
  const int rank = *configuration.shape.r;
  if (ranks.first < 0 || ranks.first > ranks.last || ranks.last >= rank) {
    throw InputError(fmt::format("--rank {}-{}: layer {} has rank {}; give operations from 0 to {}",
                                 ranks.first, ranks.last, layer, rank, rank - 1));
  }
}

}  // namespace

std::string TraceWindow::text() const {
  std::vector<std::string> options;
  if (from) options.push_back(fmt::format("--from {}", *from));
  if (to) options.push_back(fmt::format("--to {}", *to));
  if (layer) options.push_back(fmt::format("--layer {}", *layer));
  if (ranks) options.push_back(fmt::format("--rank {}-{}", ranks->first, ranks->last));
  return fmt::format("{}", fmt::join(options, " "));
}

WindowWatch::WindowWatch(const Accelerator& accelerator, const TraceWindow& window)
    : window_(window) {
  if (window.from && window.to && *window.from > *window.to) {
    throw InputError(fmt::format("{}: the window ends before it begins", window.text()));
  }
  if (!window.layer && !window.ranks) return;
  const int number = window.layer.value_or(1);
  const int layers = static_cast<int>(accelerator.layers().size());
  if (number < 1 || number > layers) {
    throw InputError(fmt::format("--layer {}: the network has layers 1 to {}", number, layers));
  }
  layer_ = accelerator.layers()[static_cast<std::size_t>(number - 1)].get();
  if (!window.ranks) return;
  const LayerConfiguration& configuration = layer_->configuration();
  check_ranks(*window.ranks, number, configuration);
  rank_signals_ = layer_->rank_signals();
  tiles_to_retire_ = static_cast<std::uint64_t>(window.ranks->last + 1) *
                     static_cast<std::uint64_t>(rank_signals_->tiles);
}

WindowWatch::Phase WindowWatch::see(std::uint64_t cycle) {
  const Phase by_cycle = cycles_phase(cycle);
  const Phase by_layer = window_.ranks ? ranks_phase() : layer_phase();
  if (by_cycle == Phase::behind || by_layer == Phase::behind) return Phase::behind;
  return std::min(by_cycle, by_layer);
}

WindowWatch::Phase WindowWatch::cycles_phase(std::uint64_t cycle) const {
  if (window_.to && cycle > *window_.to) return Phase::behind;
  return window_.from && cycle < *window_.from ? Phase::before : Phase::inside;
}

WindowWatch::Phase WindowWatch::layer_phase() {
  if (!layer_) return Phase::inside;
  const bool is_idle = layer_->state() == LayerState::idle;
  if (layer_phase_ == Phase::before && !is_idle) layer_phase_ = Phase::inside;
  if (layer_phase_ == Phase::inside && is_idle) layer_phase_ = Phase::behind;
  return layer_phase_;
}

/// From the cycle in which the first operation is issued to that in which the last one has retired.
WindowWatch::Phase WindowWatch::ranks_phase() {
  if (retired_tiles_ == tiles_to_retire_) return Phase::behind;
  if (rank_signals_->retires.value() != 0) ++retired_tiles_;
  const Signal& k = rank_signals_->issued_k;
  if (k.is_meaningful() && k.value() >= window_.ranks->first) ranks_began_ = true;
  return ranks_began_ ? Phase::inside : Phase::before;
}

}  // namespace cfc
