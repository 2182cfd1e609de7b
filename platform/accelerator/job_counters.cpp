#include "platform/accelerator/job_counters.h"

#include <string>

namespace cfc {
namespace {

std::uint64_t entry(const Ledger& ledger, const std::string& name) {
  const auto found = ledger.find(name);
  return found == ledger.end() ? 0 : found->second;
}

AccessCounters accesses(const RunStatistics& run) {
  AccessCounters sum;
  for (const LayerStatistics& layer : run.layers) {
    for (const auto& [name, memory] : layer.memories) {
      sum += memory.reads;
      sum += memory.writes;
    }
  }
  return sum;
}

}  // namespace

void write_job_counters(RegisterFile& registers, const WorkDone& begin, const WorkDone& end,
                        std::uint64_t idle_until_last_push, const sc_core::sc_time& period) {
  const auto since_begin = [&](std::size_t link, const char* name) {
    return entry(end.links[link], name) - entry(begin.links[link], name);
  };
  std::uint64_t wait_weights = 0;
  std::uint64_t wait_z = 0;
  for (std::size_t link = 0; link < end.links.size(); ++link) {
    wait_weights += since_begin(link, "wait_weights");
    wait_z += since_begin(link, "wait_z");
  }
  AccessCounters accessed = accesses(end.statistics);
  accessed -= accesses(begin.statistics);
  registers.set64(Register::job_cycles, (end.time - begin.time).value() / period.value());
  registers.set64(Register::read_bytes, end.read_bytes - begin.read_bytes);
  registers.set64(Register::written_bytes, end.written_bytes - begin.written_bytes);
  registers.set64(Register::wait_input, idle_until_last_push - entry(begin.links.front(), "idle"));
  registers.set64(Register::wait_weights, wait_weights);
  registers.set64(Register::wait_z, wait_z);
  registers.set64(Register::wait_output, since_begin(end.links.size() - 1, "wait_layer"));
  registers.set64(Register::access_words, accessed.words);
  registers.set64(Register::access_bits, accessed.bits);
}

}  // namespace cfc
