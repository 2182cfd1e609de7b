#include "sc_model/accelerator.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {

Accelerator::Accelerator(const sc_core::sc_module_name& name, const golden::Network& network,
                         const Configuration& configuration, LinkTap* tap)
    : sc_module(name), configuration_(configuration) {
  if (network.layers.size() != configuration.layers.size()) {
    throw InputError(fmt::format("the network has {} layers, its configuration {}",
                                 network.layers.size(), configuration.layers.size()));
  }
  const auto through_tap = [tap](Link& link) { return tap ? &tap->insert(link) : &link; };
  links_.push_back(std::make_unique<Link>("image"));
  last_link_ = through_tap(*links_.back());
  int beat_width = configuration.input_link_width;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const std::string name_of_layer = fmt::format("layer_{}", i + 1);
    layers_.push_back(std::make_unique<Layer>(name_of_layer.c_str(), network.layers[i],
                                              configuration.layers[i], beat_width));
    Layer& layer = *layers_.back();
    layer.i_clk(i_clk);
    layer.i_rst_n(i_rst_n);
    layer.i_valid(last_link_->valid);
    layer.o_ready(last_link_->ready);
    layer.i_data(last_link_->data);
    links_.push_back(std::make_unique<Link>(name_of_layer + "_out"));
    layer.o_valid(links_.back()->valid);
    layer.i_ready(links_.back()->ready);
    layer.o_data(links_.back()->data);
    last_link_ = through_tap(*links_.back());
    beat_width = configuration.layers[i].output_beat_width();
  }
}

}  // namespace cfc
