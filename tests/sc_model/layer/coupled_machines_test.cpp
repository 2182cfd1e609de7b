// The machines of a whole layer coupled in plain C++: Run lasts as long as the closed forms say,
// and DIL multiplies each row with its own z.

#include <algorithm>
#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

#include "sc_model/dcl/dcl_machine.h"
#include "sc_model/dil/dil_machine.h"
#include "sc_model/layer/layer_machine.h"
#include "tests/sc_model/dil/unguarded_machine.h"

namespace cfc::testing {
namespace {

/// What an engine does in a cycle, and its registers in the next one.
struct EngineOutputs {
  bool result;
  bool done;
};

/// A DCL whose results a memory takes.
class DenseMachines {
 public:
  explicit DenseMachines(const DotProductPlan& plan) : dcl_(plan) {}
  EngineOutputs step(bool start) {
    const auto out = dcl_.outputs(q_);
    q_ = dcl_.next(q_, {start, true});
    return {out.valid, out.done};
  }

 private:
  DclMachine dcl_;
  DclMachine::Registers q_;
};

/// Two of them: the end of the first starts the second.
class SequentialMachines {
 public:
  SequentialMachines(const DotProductPlan& u, const DotProductPlan& v) : u_(u), v_(v) {}
  EngineOutputs step(bool start) { return v_.step(u_.step(start).done); }

 private:
  DenseMachines u_;
  DenseMachines v_;
};

/// A DCL that hands z_k to a DIL. Counts the tiles of V that meet another z than that of their row.
template <typename Dil>
class StreamingMachines {
 public:
  StreamingMachines(const DotProductPlan& u, const RowPlan& v) : dcl_(u), dil_(v) {}

  EngineOutputs step(bool start) {
    const auto from_dcl = dcl_.outputs(u_);
    const auto from_dil = dil_.outputs(v_);
    if (v_.state == DilState::run && v_.operand != z(v_.k)) ++wrong_products;
    const DilMachine::Inputs to_dil{from_dcl.valid, z(u_.result_k)};
    u_ = dcl_.next(u_, {start, from_dil.ready});
    v_ = dil_.next(v_, to_dil);
    return {false, from_dil.done};
  }

  int wrong_products{0};

 private:
  static int z(int k) { return 100 + k; }

  DclMachine dcl_;
  Dil dil_;
  DclMachine::Registers u_;
  DilMachine::Registers v_;
};

/// How long L-SCM is in Run for each of three images that follow one another at once.
template <typename Engine>
std::vector<int> run_lengths(Engine& engine, const LinkPlan& plan) {
  const LayerMachine layer(plan);
  LayerMachine::Registers q;
  std::vector<int> lengths;
  bool in_run = false;
  for (int cycle = 0; cycle < 5000 && (lengths.size() < 3 || in_run); ++cycle) {
    const bool runs = q.state == LayerState::run;
    if (runs && !in_run) lengths.push_back(0);
    if (runs) ++lengths.back();
    in_run = runs;
    const auto [result, done] = engine.step(layer.outputs(q).start);
    q = layer.next(q, {true, result, done, true});
  }
  return lengths;
}

struct Shape {
  int r;
  int n;
  int tiles_u;
  int tiles_v;
  DotProductPlan latencies;  ///< only issue and latencies of it

  int latency() const {
    return latencies.read_latency + latencies.multiply_latency + latencies.adder_latency;
  }
  int period() const { return latencies.issue == Issue::stepped ? 3 + latency() : 1; }
  int depth() const {
    return (latencies.issue == Issue::stepped ? 0 : latency()) + latencies.requantise_latency;
  }
  int row_drain() const { return latencies.multiply_latency + latencies.requantise_latency; }
  DotProductPlan plan(int operations, int tiles) const {
    DotProductPlan plan = latencies;
    plan.operations = operations;
    plan.tiles = tiles;
    return plan;
  }
};

template <typename Visit>
void for_every_shape(const Visit& visit) {
  for (const Issue issue : kIssues)
    for (int latencies = 0; latencies < 54; ++latencies)
      for (int r = 1; r <= 4; ++r)
        for (int tiles_u = 1; tiles_u <= 4; ++tiles_u)
          for (int tiles_v = 1; tiles_v <= 6; ++tiles_v) {
            visit(Shape{r,
                        r + 1,
                        tiles_u,
                        tiles_v,
                        {1, 1, issue, latencies % 3, latencies / 3 % 3, latencies / 9 % 3,
                         latencies / 27}});
          }
}

std::vector<int> three_times(int cycles) { return std::vector<int>(3, cycles); }

TEST_CASE("Run lasts as long as the closed forms say, for every small layer") {
  int layers = 0;
  for_every_shape([&](const Shape& s) {
    CAPTURE(s.r, s.n, s.tiles_u, s.tiles_v, static_cast<int>(s.latencies.issue), s.latency(),
            s.latencies.multiply_latency, s.latencies.requantise_latency);
    const int period = s.period();
    const int buffers = 1 + layers++ % 2;
    const LinkPlan one_by_one{2, s.n, buffers, ResultOrder::one_by_one};

    DenseMachines dense(s.plan(s.n, s.tiles_u));
    REQUIRE(run_lengths(dense, one_by_one) == three_times(period * s.n * s.tiles_u + s.depth()));

    SequentialMachines sequential(s.plan(s.r, s.tiles_u), s.plan(s.n, s.tiles_v));
    REQUIRE(
        run_lengths(sequential, one_by_one) ==
        three_times(period * s.r * s.tiles_u + s.depth() + period * s.n * s.tiles_v + s.depth()));

    StreamingMachines<DilMachine> streaming(
        s.plan(s.r, s.tiles_u),
        {s.r, s.tiles_v, s.latencies.multiply_latency, s.latencies.requantise_latency});
    REQUIRE(run_lengths(streaming, {2, 2, buffers, ResultOrder::all_at_once}) ==
            three_times(period * s.tiles_u + s.depth() +
                        (s.r - 1) * std::max(period * s.tiles_u, s.tiles_v) + s.tiles_v +
                        s.row_drain()));
    REQUIRE(streaming.wrong_products == 0);
  });
  std::cout << "coupled machines: " << 3 * layers << " layers\n";
  REQUIRE(layers == 2 * 54 * 4 * 4 * 6);
}

TEST_CASE("Without DIL's guard rows are multiplied with the z of another") {
  const DotProductPlan u{3, 1, Issue::overlapped, 0, 0, 0};
  StreamingMachines<UnguardedMachine> streaming(u, {3, 2, 0});
  run_lengths(streaming, {1, 1, 1, ResultOrder::all_at_once});
  REQUIRE(streaming.wrong_products > 0);
}

}  // namespace
}  // namespace cfc::testing
