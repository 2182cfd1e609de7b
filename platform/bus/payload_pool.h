#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>

namespace cfc {

/// The memory manager that the approximately timed base protocol asks for: transactions that own
/// their data and are used again and again. A transaction whose initiator has lost interest (reset,
/// time-out) therefore stays whole until the last one who holds it lets go.
class PayloadPool : public tlm::tlm_mm_interface {
 public:
  PayloadPool() = default;
  ~PayloadPool() override = default;
  PayloadPool(const PayloadPool&) = delete;
  PayloadPool& operator=(const PayloadPool&) = delete;

  /// A transaction with `bytes` bytes of data (zeros) and every attribute set, held once by the
  /// caller, who gives it back with `release()`.
  tlm::tlm_generic_payload& take(tlm::tlm_command command, std::uint64_t address,
                                 std::size_t bytes);

  /// Transactions that are still held.
  std::size_t in_use() const { return all_.size() - idle_.size(); }

 private:
  struct Pooled : tlm::tlm_generic_payload {
    std::vector<std::uint8_t> bytes;
  };

  void free(tlm::tlm_generic_payload* payload) override;

  std::vector<std::unique_ptr<Pooled>> all_;
  std::vector<Pooled*> idle_;
};

}  // namespace cfc
