// The hazard of sec. 3.1: z_{k+1} handed over while V-MC still works on z_k changes the operand
// under it. The controllers' handshake prevents that; without it the result is wrong.

#include <array>
#include <cstdint>
#include <vector>

#include <systemc>

#include <gtest/gtest.h>

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/dil/dimension_increase_layer.h"

namespace cfc {
namespace {

constexpr int kRank = 2;
constexpr int kOutputs = 4;
constexpr int kLanesV = 2;                // two tiles a row: DIL needs twice as long as DCL
const std::vector<std::int8_t> kU{3, 5};  // z_0 and z_1
const std::vector<std::int8_t> kV{1, 2, 3, 4, 10, 20, 30, 40};

/// One node of 1: with z_k as the weight, the k-th dot product is z_k.
class OneNode : public sc_core::sc_module, public NodeSource<std::uint8_t> {
 public:
  explicit OneNode(const sc_core::sc_module_name& name) : sc_module(name) {}
  const std::uint8_t* read_nodes(std::size_t /*first*/, std::size_t /*count*/) override {
    return &node_;
  }

 private:
  std::uint8_t node_{1};
};

class Sums : public sc_core::sc_module, public SumSink {
 public:
  explicit Sums(const sc_core::sc_module_name& name) : sc_module(name) {}
  void take(int first, const std::int32_t* sums, int count) override {
    for (int i = 0; i < count; ++i) values[static_cast<std::size_t>(first + i)] = sums[i];
  }
  std::array<std::int32_t, kOutputs> values{};
};

/// DCL and DIL with their handshake. `ignored`: every result of DCL goes into V-MC's operand
/// register as soon as it is offered, whether DIL is ready or not.
class Bench : public sc_core::sc_module {
 public:
  enum class Handshake { respected, ignored };

  Bench(const sc_core::sc_module_name& name, Handshake handshake) : sc_module(name) {
    dcl_scm_.i_clk(clock_);
    dcl_scm_.i_rst_n(rst_n_);
    dcl_scm_.i_start(start_);
    dcl_scm_.i_ready(ready_);
    dcl_scm_.o_valid(valid_);
    dcl_scm_.o_done(dcl_done_);
    dcl_scm_.calculator(u_mc_);
    u_mc_.nodes(nodes_);
    u_mc_.results(z_bus_);

    dil_scm_.i_clk(clock_);
    dil_scm_.i_rst_n(rst_n_);
    dil_scm_.i_valid(valid_);
    dil_scm_.i_z(z_);
    dil_scm_.o_ready(ready_);
    dil_scm_.o_done(done_);
    dil_scm_.calculator(v_mc_);
    v_mc_.results(sums);

    if (handshake == Handshake::ignored) {
      SC_METHOD(load_at_once);
      sensitive << clock_.negedge_event();
      dont_initialize();
    }
  }

  void run() {
    const sc_core::sc_time cycle(10, sc_core::SC_NS);
    rst_n_.write(false);
    sc_core::sc_start(cycle);
    rst_n_.write(true);
    start_.write(true);
    sc_core::sc_start(cycle);
    start_.write(false);
    sc_core::sc_start(20 * cycle);
  }

  Sums sums{"sums"};

 private:
  SC_HAS_PROCESS(Bench);

  class ZBus : public sc_core::sc_module, public ResultSink {
   public:
    ZBus(const sc_core::sc_module_name& name, sc_core::sc_signal<std::int32_t>& z)
        : sc_module(name), z_(z) {}
    void take(int /*k*/, std::int32_t sum) override { z_.write(sum); }

   private:
    sc_core::sc_signal<std::int32_t>& z_;
  };

  void load_at_once() {
    if (valid_.read()) v_mc_.load_operand(z_.read());
  }

  sc_core::sc_clock clock_{"clock", sc_core::sc_time(10, sc_core::SC_NS), 0.5,
                           sc_core::sc_time(5, sc_core::SC_NS)};
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
  sc_core::sc_signal<bool> start_{"start"};
  sc_core::sc_signal<bool> valid_{"valid"};
  sc_core::sc_signal<bool> ready_{"ready"};
  sc_core::sc_signal<bool> dcl_done_{"dcl_done"};
  sc_core::sc_signal<bool> done_{"done"};
  sc_core::sc_signal<std::int32_t> z_{"z"};
  OneNode nodes_{"nodes"};
  PeakMeter peak_;
  Memory<std::int8_t> u_{"u", kU, 8, peak_};
  Memory<std::int8_t> v_{"v", kV, 8, peak_};
  ZBus z_bus_{"z_bus", z_};
  DclStateControl dcl_scm_{"dcl_scm", {kRank, 1, Issue::overlapped, 0, 0, 0}};
  UMatrixCalculator<std::uint8_t> u_mc_{"u_mc", {1, 1}, u_, 1};
  DilStateControl dil_scm_{"dil_scm", {kRank, kOutputs / kLanesV, 0}};
  VMatrixCalculator v_mc_{"v_mc", {kOutputs, kLanesV, {kRank, kOutputs / kLanesV, 0}, v_, nullptr}};
};

TEST(Hazard, TheHandshakeKeepsTheOperand) {
  Bench bench("bench", Bench::Handshake::respected);
  bench.run();
  const std::array<std::int32_t, kOutputs> right{3 * 1 + 5 * 10, 3 * 2 + 5 * 20, 3 * 3 + 5 * 30,
                                                 3 * 4 + 5 * 40};
  EXPECT_EQ(bench.sums.values, right);
}

TEST(Hazard, WithoutTheHandshakeTheRestOfTheRowIsMultipliedWithTheNextZ) {
  Bench bench("bench", Bench::Handshake::ignored);
  bench.run();
  const std::array<std::int32_t, kOutputs> distorted{3 * 1 + 5 * 10, 3 * 2 + 5 * 20, 5 * 3 + 5 * 30,
                                                     5 * 4 + 5 * 40};
  EXPECT_EQ(bench.sums.values, distorted);
}

}  // namespace
}  // namespace cfc
