#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <systemc>

#include "sc_model/accelerator.h"
#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/link.h"

namespace cfc {

/// Something that an image must wait for before it may leave a link.
class PassCondition {
 public:
  virtual ~PassCondition() = default;

  /// When image number `image` (of the stream since reset) may pass, whose last beat is offered
  /// since `offered`; empty while that is not known.
  virtual std::optional<sc_core::sc_time> pass_time(std::uint64_t image,
                                                    const sc_core::sc_time& offered) const = 0;

  sc_core::sc_event changed;  ///< a `pass_time` has become known
};

/// Sits in a link and holds back the last beat of an image until its conditions are met: that a
/// layer's weights have come, that z has been to memory and back. Without conditions it is a wire.
/// Its ledger says where each cycle of the link went.
class LinkGate : public Controller {
 public:
  /// An image crosses the link in beats of `beat_width` elements.
  LinkGate(const sc_core::sc_module_name& name, Link& upstream, int elements, int beat_width);

  /// Before simulation; either may be null.
  void hold_for(PassCondition* weights, PassCondition* z);

  Link& downstream() { return downstream_; }
  int state_code() const override { return open_.read() ? 0 : 1; }
  std::vector<const char*> state_names() const override { return {"Pass", "Hold"}; }

 private:
  enum Entry { kIdle, kPass, kWaitLayer, kWaitWeights, kWaitZ };

  void reset() override;
  void on_clock() override;
  int entry() const;
  int quiet_entry() const override { return quiet_; }
  void end_of_elaboration() override;

  void connect();
  bool at_last_beat() const { return passed_ + beat_width_ >= elements_; }
  bool may_pass();
  bool passes(const PassCondition* condition, Entry reason);

  Link& upstream_;
  Link downstream_;
  const int elements_;
  const int beat_width_;
  PassCondition* weights_{nullptr};
  PassCondition* z_{nullptr};

  sc_core::sc_signal<bool> open_{"open"};
  int passed_{0};
  std::uint64_t image_{0};
  bool offered_{false};
  sc_core::sc_time offered_at_;
  Entry reason_{kWaitWeights};
  bool pass_time_known_{false};
  int quiet_{kIdle};
};

/// A gate in every link of an accelerator.
class LinkGates : public LinkTap {
 public:
  explicit LinkGates(const Configuration& configuration) : configuration_(configuration) {}

  Link& insert(Link& upstream) override;
  LinkGate& at(std::size_t link) { return *gates_.at(link); }
  const LinkGate& at(std::size_t link) const { return *gates_.at(link); }
  std::size_t size() const { return gates_.size(); }

 private:
  const Configuration configuration_;
  std::vector<std::unique_ptr<LinkGate>> gates_;
};

}  // namespace cfc
