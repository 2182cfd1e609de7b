// The checker notes each broken rule: a rogue initiator and a rogue target break them one by one.

#include "platform/bus/protocol_checker.h"

#include <gtest/gtest.h>

#include "platform/bus/payload_pool.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;
using tlm::tlm_generic_payload;

/// Both ends of a connection, doing what the test says.
class Rogues : public sc_core::sc_module {
 public:
  explicit Rogues(const sc_core::sc_module_name& name) : sc_module(name) {
    initiator.register_nb_transport_bw(this, &Rogues::back);
    target.register_nb_transport_fw(this, &Rogues::forth);
    target.register_b_transport(this, &Rogues::blocking);
    initiator.bind(checker.from_initiator);
    checker.to_target.bind(target);
  }

  /// Sends one call of the initiator.
  void send(tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
    tlm::tlm_phase now = phase;
    sc_time delay;
    initiator->nb_transport_fw(payload, now, delay);
  }
  /// Sends one call of the target.
  void answer(tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
    tlm::tlm_phase now = phase;
    sc_time delay;
    target->nb_transport_bw(payload, now, delay);
  }
  bool noted(const std::string& rule) const {
    for (const std::string& violation : checker.violations()) {
      if (violation.find(rule) != std::string::npos) return true;
    }
    return false;
  }

  tlm_utils::simple_initiator_socket<Rogues> initiator{"initiator"};
  tlm_utils::simple_target_socket<Rogues> target{"target"};
  ProtocolChecker checker{"checker"};
  std::function<void(tlm_generic_payload&, sc_time&)> on_blocking;
  std::function<tlm::tlm_sync_enum(tlm::tlm_phase&, sc_time&)> on_forth;

 private:
  tlm::tlm_sync_enum back(tlm_generic_payload&, tlm::tlm_phase&, sc_time&) {
    return tlm::TLM_ACCEPTED;
  }
  tlm::tlm_sync_enum forth(tlm_generic_payload&, tlm::tlm_phase& phase, sc_time& delay) {
    return on_forth ? on_forth(phase, delay) : tlm::TLM_ACCEPTED;
  }
  void blocking(tlm_generic_payload& payload, sc_time& delay) { on_blocking(payload, delay); }
};

class Checker : public ::testing::Test {
 protected:
  tlm_generic_payload& request() { return pool.take(tlm::TLM_READ_COMMAND, 0x40, 4); }
  PayloadPool pool;
  Rogues rogues{"rogues"};
};

TEST_F(Checker, SaysNothingOfARightTransaction) {
  tlm_generic_payload& payload = request();
  rogues.send(payload, tlm::BEGIN_REQ);
  rogues.answer(payload, tlm::END_REQ);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rogues.answer(payload, tlm::BEGIN_RESP);
  rogues.send(payload, tlm::END_RESP);
  EXPECT_TRUE(rogues.checker.violations().empty()) << rogues.checker.violations().front();
  EXPECT_EQ(rogues.checker.transactions(), 1U);
  EXPECT_EQ(rogues.checker.open_transactions(), 0U);
}

TEST_F(Checker, TwoRequestsAtATime) {
  rogues.send(request(), tlm::BEGIN_REQ);
  rogues.send(request(), tlm::BEGIN_REQ);
  EXPECT_TRUE(rogues.noted("a request waits for the END_REQ"));
}

TEST_F(Checker, TwoResponsesAtATime) {
  tlm_generic_payload& one = request();
  tlm_generic_payload& two = request();
  for (tlm_generic_payload* payload : {&one, &two}) {
    rogues.send(*payload, tlm::BEGIN_REQ);
    rogues.answer(*payload, tlm::END_REQ);
    payload->set_response_status(tlm::TLM_OK_RESPONSE);
  }
  rogues.answer(one, tlm::BEGIN_RESP);
  rogues.answer(two, tlm::BEGIN_RESP);
  EXPECT_TRUE(rogues.noted("a response waits for the END_RESP"));
}

TEST_F(Checker, PhasesOutOfOrder) {
  tlm_generic_payload& payload = request();
  rogues.send(payload, tlm::END_RESP);
  EXPECT_TRUE(rogues.noted("END_RESP follows BEGIN_RESP"));
  rogues.answer(payload, tlm::END_REQ);
  EXPECT_TRUE(rogues.noted("a target answers what was asked"));
  rogues.send(payload, tlm::BEGIN_REQ);
  rogues.answer(payload, tlm::END_REQ);
  rogues.answer(payload, tlm::END_REQ);
  EXPECT_TRUE(rogues.noted("END_REQ follows BEGIN_REQ, once"));
}

TEST_F(Checker, PhasesOfTheOtherSide) {
  tlm_generic_payload& payload = request();
  rogues.send(payload, tlm::BEGIN_REQ);
  rogues.send(payload, tlm::END_REQ);
  EXPECT_TRUE(rogues.noted("an initiator sends BEGIN_REQ and END_RESP only"));
  rogues.answer(payload, tlm::BEGIN_REQ);
  EXPECT_TRUE(rogues.noted("a target sends END_REQ and BEGIN_RESP only"));
}

TEST_F(Checker, AttributesThatChangeUnderWay) {
  tlm_generic_payload& payload = request();
  rogues.send(payload, tlm::BEGIN_REQ);
  payload.set_data_length(8);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  rogues.answer(payload, tlm::BEGIN_RESP);
  EXPECT_TRUE(rogues.noted("nobody changes the attributes"));
}

TEST_F(Checker, ResponseWithoutStatus) {
  tlm_generic_payload& payload = request();
  rogues.send(payload, tlm::BEGIN_REQ);
  rogues.answer(payload, tlm::BEGIN_RESP);
  EXPECT_TRUE(rogues.noted("a response has a status"));
}

TEST_F(Checker, RequestsThatAreNotSetUp) {
  tlm_generic_payload payload;
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  payload.set_dmi_allowed(true);
  rogues.send(payload, tlm::BEGIN_REQ);
  for (const char* rule : {"status INCOMPLETE", "a data pointer", "a length above 0",
                           "a streaming width above 0", "no DMI hint", "a memory manager"}) {
    EXPECT_TRUE(rogues.noted(rule)) << rule;
  }
}

TEST_F(Checker, AnswersThatContradictThemselves) {
  rogues.on_forth = [](tlm::tlm_phase& phase, sc_time&) {
    phase = tlm::END_REQ;
    return tlm::TLM_ACCEPTED;
  };
  rogues.send(request(), tlm::BEGIN_REQ);
  EXPECT_TRUE(rogues.noted("ACCEPTED leaves the phase alone"));
  rogues.on_forth = [](tlm::tlm_phase&, sc_time&) { return tlm::TLM_UPDATED; };
  rogues.send(request(), tlm::BEGIN_REQ);
  EXPECT_TRUE(rogues.noted("UPDATED changes the phase"));
}

TEST_F(Checker, BlockingCallsThatGoBackInTimeOrSayNothing) {
  rogues.on_blocking = [](tlm_generic_payload&, sc_time& delay) { delay = sc_core::SC_ZERO_TIME; };
  sc_time delay(10, sc_core::SC_NS);
  rogues.initiator->b_transport(request(), delay);
  EXPECT_TRUE(rogues.noted("time does not run backwards"));
  EXPECT_TRUE(rogues.noted("a response has a status"));
}

}  // namespace
}  // namespace cfc::testing
