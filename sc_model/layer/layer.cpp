#include "sc_model/layer/layer.h"

#include <fmt/format.h>

#include "sc_model/layer/engine_factory.h"
#include "support/error.h"

namespace cfc {
namespace {

constexpr int kInputBits = 8;

const golden::Layer& checked(const golden::Layer& layer, const LayerConfiguration& configuration) {
  const LayerShape& shape = configuration.shape;
  if (layer.inputs() != shape.m || layer.outputs() != shape.n) {
    throw InputError(fmt::format("layer {} is {} x {}, but its configuration is for {} x {}",
                                 layer.name, layer.inputs(), layer.outputs(), shape.m, shape.n));
  }
  if (layer.is_factorised() != uses_factors(configuration.schedule)) {
    throw InputError(fmt::format("layer {} has {} weights, which the {} schedule cannot use",
                                 layer.name, layer.is_factorised() ? "factorised" : "dense",
                                 to_string(configuration.schedule)));
  }
  return layer;
}

LinkPlan link_plan(const LayerConfiguration& configuration, int input_beat_width,
                   const Engine& engine) {
  return {LayerConfiguration::ceil_div(configuration.shape.m, input_beat_width),
          configuration.output_beats(), configuration.input_buffers, engine.result_order()};
}

}  // namespace

Layer::Layer(const sc_core::sc_module_name& name, const golden::Layer& layer,
             const LayerConfiguration& configuration, int input_beat_width)
    : sc_module(name),
      configuration_(configuration),
      input_("input",
             static_cast<std::size_t>(configuration.shape.m) *
                 static_cast<std::size_t>(configuration.input_buffers),
             kInputBits, peak_),
      output_("output", static_cast<std::size_t>(configuration.shape.n),
              layer.requantisation ? OutputMemory::kActivationBits : OutputMemory::kLogitBits,
              peak_),
      activation_("activation", checked(layer, configuration), output_),
      engine_(make_engine(layer, configuration, peak_)),
      memory_control_("mcm", {configuration.shape.m, input_beat_width, configuration.input_buffers},
                      input_),
      state_control_("l_scm", link_plan(configuration, input_beat_width, *engine_),
                     {configuration.shape.n, configuration.output_beat_width()}, output_),
      memories_(engine_->memories()) {
  memories_.insert(memories_.begin(), &input_);
  memories_.push_back(&output_);
  connect_shell();
  connect_engine();
}

void Layer::connect_shell() {
  state_control_.i_clk(i_clk);
  state_control_.i_rst_n(i_rst_n);
  state_control_.i_valid(i_valid);
  state_control_.o_ready(o_ready);
  state_control_.o_start(start_);
  state_control_.i_result(result_);
  state_control_.i_done(done_);
  state_control_.o_valid(o_valid);
  state_control_.i_ready(i_ready);
  state_control_.o_data(o_data);

  memory_control_.i_clk(i_clk);
  memory_control_.i_rst_n(i_rst_n);
  memory_control_.i_valid(i_valid);
  memory_control_.i_ready(o_ready);
  memory_control_.i_data(i_data);
  memory_control_.i_done(done_);
}

void Layer::connect_engine() {
  engine_->i_clk(i_clk);
  engine_->i_rst_n(i_rst_n);
  engine_->i_start(start_);
  engine_->o_result(result_);
  engine_->o_done(done_);
  engine_->nodes(memory_control_);
  engine_->results(activation_);
}

void Layer::load(const golden::Layer& layer) {
  const auto rank = checked(layer, configuration_).rank();
  if (rank && *rank != *configuration_.shape.r) {
    throw InputError(fmt::format("layer {} has rank {}, but its configuration {}", layer.name,
                                 *rank, *configuration_.shape.r));
  }
  engine_->load(layer);
  activation_.load(layer);
}

void Layer::on_access(tlm::tlm_analysis_if<AccessEvent>& listener) {
  for (MemoryMeter* memory : memories_) memory->on_access(listener);
}

std::vector<NamedController> Layer::controllers() const {
  std::vector<NamedController> all = engine_->controllers();
  all.insert(all.begin(), {{"l_scm", &state_control_}, {"mcm", &memory_control_}});
  return all;
}

std::string Layer::engine_scope() const {
  return std::string(engine_->schedule_name()) + ".engine";
}

Signals Layer::signals() const {
  Signals all;
  add_signals(all, "l_scm", {state_signal(state_control_)});
  add_signals(all, "mcm", {state_signal(memory_control_)});
  add_signals(all, engine_scope(), engine_->signals());
  all.push_back({"i_valid", 1, SignalKind::bit, [this] { return i_valid.read(); }, {}, {}, {}});
  all.push_back({"o_ready", 1, SignalKind::bit, [this] { return o_ready.read(); }, {}, {}, {}});
  all.push_back({"o_valid", 1, SignalKind::bit, [this] { return o_valid.read(); }, {}, {}, {}});
  all.push_back({"i_ready", 1, SignalKind::bit, [this] { return i_ready.read(); }, {}, {}, {}});
  const bool sends_sums = output_.element_bits() == OutputMemory::kLogitBits;
  for (int i = 0; i < configuration_.output_beat_width(); ++i) {
    all.push_back({"o_data",
                   output_.element_bits(),
                   sends_sums ? SignalKind::signed_number : SignalKind::unsigned_number,
                   [this, i] { return o_data.read()[i]; },
                   [this, i] { return o_valid.read() && i < o_data.read().count; },
                   i,
                   {}});
  }
  return all;
}

Signals Layer::lane_signals() const {
  Signals all;
  add_signals(all, engine_scope(), engine_->lane_signals());
  return all;
}

LayerStatistics Layer::statistics(const sc_core::sc_time& clock_period) const {
  LayerStatistics statistics;
  statistics.images = state_control_.images();
  statistics.run_cycles = state_control_.run_time().value() / clock_period.value();
  statistics.peak_bits_per_cycle = peak_.peak_bits_per_cycle();
  for (const MemoryMeter* memory : memories_) {
    statistics.memories[memory->basename()] = {memory->reads(), memory->writes(),
                                               memory->peak_bits_per_cycle()};
  }
  for (const auto& [name, controller] : controllers()) {
    statistics.controllers[name] = controller->ledger();
  }
  return statistics;
}

}  // namespace cfc
