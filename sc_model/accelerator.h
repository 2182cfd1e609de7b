#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "sc_model/hardware/link.h"
#include "sc_model/layer/layer.h"

namespace cfc {

/// Something put into a link of the accelerator: a monitor, or a source of stalls.
class LinkTap {
 public:
  virtual ~LinkTap() = default;
  /// Called for each link in order, the image link first. Returns the link that the next block
  /// shall read; it lives as long as the accelerator.
  virtual Link& insert(Link& upstream) = 0;
};

/// The whole network: its layers chained by ready/valid links. Images come in as beats of raw
/// pixels (`i_`, `input_link_width` elements each) and leave as beats of logits (`o_`).
class Accelerator : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};

  /// Throws InputError where `configuration` does not fit `network`.
  Accelerator(const sc_core::sc_module_name& name, const golden::Network& network,
              const Configuration& configuration, LinkTap* tap = nullptr);

  Link& image_link() { return *links_.front(); }  ///< the source of images drives it
  Link& logits_link() { return *last_link_; }     ///< the sink of logits reads it

  const std::vector<std::unique_ptr<Layer>>& layers() const { return layers_; }
  const Configuration& configuration() const { return configuration_; }

 private:
  const Configuration configuration_;
  std::vector<std::unique_ptr<Link>> links_;  ///< before layer 1, between the layers, and behind
  std::vector<std::unique_ptr<Layer>> layers_;
  Link* last_link_{nullptr};
};

}  // namespace cfc
