// The clock that rises only for those who are awake: blocks see the same edges as under an
// sc_clock, and nobody else sees any.

#include "sc_model/hardware/clock.h"

#include <vector>

#include <gtest/gtest.h>

#include "sc_model/hardware/clocked_module.h"

namespace cfc::testing {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;

/// Notes the edges that it sees, in ns; sleeps for three cycles after each, and for good after
/// five.
class Sleeper : public ClockedModule {
 public:
  Sleeper(const char* name, sc_core::sc_event& poke) : ClockedModule(name), poke_(poke) {}

  std::vector<int> edges;

 private:
  void end_of_elaboration() override {
    ClockedModule::end_of_elaboration();
    wake_on(poke_);
  }
  void reset() override {}
  void on_clock() override {
    edges.push_back(static_cast<int>(sc_core::sc_time_stamp() / sc_time(1, SC_NS)));
    if (edges.size() % 5 == 0) return sleep();
    sleep_at_most(sc_time(30, SC_NS));
  }

  sc_core::sc_event& poke_;
};

struct Bench : sc_core::sc_module {
  explicit Bench(const sc_core::sc_module_name& name) : sc_module(name) {
    rested.i_clk(clock);
    ticked.i_clk(sc_clock);
    for (Sleeper* sleeper : {&rested, &ticked}) sleeper->i_rst_n(rst_n);
    SC_HAS_PROCESS(Bench);
    SC_METHOD(count);
    sensitive << clock.posedge_event();
    dont_initialize();
    rst_n.write(true);
  }
  void count() { ++rises; }
  void poke_after(int ns) {
    poke.notify(sc_time(ns, SC_NS));
    sc_core::sc_start(sc_time(200, SC_NS));
  }

  Clock clock{"clock", sc_time(10, SC_NS), sc_time(5, SC_NS)};
  sc_core::sc_clock sc_clock{"sc_clock", sc_time(10, SC_NS), 0.5, sc_time(5, SC_NS)};
  sc_core::sc_signal<bool> rst_n{"rst_n"};
  sc_core::sc_event poke{"poke"};
  Sleeper rested{"rested", poke};
  Sleeper ticked{"ticked", poke};
  int rises{0};
};

TEST(Clock, BlocksSeeTheEdgesOfAnScClockAndItRisesForNobodyElse) {
  Bench bench("bench");
  sc_core::sc_start(sc_time(400, SC_NS));
  const std::vector<int> first{5, 35, 65, 95, 125};
  EXPECT_EQ(bench.rested.edges, first);
  EXPECT_EQ(bench.ticked.edges, first);
  EXPECT_EQ(bench.rises, 5);
  bench.poke_after(43);  // between edges: the next one is at 445
  bench.poke_after(5);   // at an edge: it is that edge
  EXPECT_EQ(bench.rested.edges, (std::vector<int>{5, 35, 65, 95, 125, 445, 475, 505, 535, 565, 605,
                                                  635, 665, 695, 725}));
  EXPECT_EQ(bench.rested.edges, bench.ticked.edges);
  EXPECT_EQ(bench.rises, 15);
}

}  // namespace
}  // namespace cfc::testing
