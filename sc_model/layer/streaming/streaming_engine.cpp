#include "sc_model/layer/streaming/streaming_engine.h"

#include "sc_model/layer/engine/weight_layout.h"

namespace cfc {
namespace {

constexpr int kSumBits = 32;

const golden::FactorisedWeights& weights_of(const golden::Layer& layer) {
  return std::get<golden::FactorisedWeights>(layer.weights);
}

std::unique_ptr<Memory<std::int32_t>> make_psum(const LayerConfiguration& configuration,
                                                PeakMeter& peak) {
  if (configuration.psum_storage == PsumStorage::registers) return nullptr;
  return std::make_unique<Memory<std::int32_t>>(
      "psum", static_cast<std::size_t>(configuration.shape.n), kSumBits, peak);
}

}  // namespace

StreamingEngine::StreamingEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
                                 const LayerConfiguration& configuration, PeakMeter& peak)
    : Engine(name),
      u_bits_(weights_of(layer).u_bits),
      v_bits_(weights_of(layer).v_bits),
      z_bits_(weights_of(layer).z_bits),
      u_("u", by_columns(weights_of(layer).u), u_bits_, peak),
      v_("v", by_rows(weights_of(layer).v), v_bits_, peak),
      psum_(make_psum(configuration, peak)),
      dcl_("dcl", {{configuration.shape.m, configuration.lanes_u},
                   dot_product_plan(configuration, *configuration.shape.r, configuration.tiles_u()),
                   u_}),
      dil_("dil", {configuration.shape.n,
                   configuration.lanes_v,
                   {*configuration.shape.r, configuration.tiles_v(), configuration.row_latency(),
                    configuration.requantise_latency},
                   v_,
                   psum_.get()}),
      z_quantiser_("z_quantiser", weights_of(layer)) {
  clock(dcl_);
  dcl_.i_start(i_start);
  dcl_.i_ready(z_ready_);
  dcl_.o_valid(z_valid_);
  dcl_.o_done(dcl_done_);
  dcl_.nodes(nodes);
  dcl_.results(z_quantiser_);
  z_quantiser_.destination(z_bus_);
  z_bus_.o_z(z_);

  clock(dil_);
  dil_.i_valid(z_valid_);
  dil_.i_z(z_);
  dil_.o_ready(z_ready_);
  dil_.o_done(o_done);
  dil_.results(results);
}

void StreamingEngine::load(const golden::Layer& layer) {
  u_.load(by_columns(weights_of(layer).u));
  v_.load(by_rows(weights_of(layer).v));
  z_quantiser_.load(weights_of(layer));
}

std::vector<MemoryMeter*> StreamingEngine::memories() {
  std::vector<MemoryMeter*> all{&u_, &v_};
  if (psum_) all.push_back(psum_.get());
  return all;
}

Signals StreamingEngine::signals() const {
  const auto offered = [this] { return z_valid_.read(); };
  Signals all;
  add_group(all, "U (DCL)", "dcl", dcl_.signals());
  all.push_back({"w_z_valid", 1, SignalKind::bit, [this] { return z_valid_.read(); }, {}, {}, {}});
  all.push_back({"w_z_ready", 1, SignalKind::bit, [this] { return z_ready_.read(); }, {}, {}, {}});
  all.push_back(
      {"w_z", z_bits_, SignalKind::signed_number, [this] { return z_.read(); }, offered, {}, {}});
  add_group(all, "V (DIL)", "dil", dil_.signals());
  return all;
}

Signals StreamingEngine::lane_signals() const {
  Signals all;
  add_group(all, "U (DCL)", "dcl", dcl_.lane_signals(OperandBits::of_input(u_bits_)));
  add_group(all, "V (DIL)", "dil", dil_.lane_signals(z_bits_, v_bits_));
  return all;
}

std::optional<RankSignals> StreamingEngine::rank_signals() const {
  return RankSignals{find_signal(dcl_.signals(), "dcl_scm.w_k"),
                     find_signal(dil_.signals(), "dil_scm.w_retire"),
                     dil_.state_control().machine().plan().tiles};
}

}  // namespace cfc
