#pragma once

#include <cstdint>
#include <vector>

#include <systemc>

#include "configuration/statistics.h"
#include "platform/accelerator/register_file.h"

namespace cfc {

/// What an accelerator and its DMA have done up to a moment.
struct WorkDone {
  sc_core::sc_time time;
  std::uint64_t read_bytes{};
  std::uint64_t written_bytes{};
  RunStatistics statistics;
  std::vector<Ledger> links;  ///< the image link first
};

/// Writes the counter registers of a job that went from `begin` to `end`
/// (docs/reference/register-map.md). `idle_until_last_push`: the image link's ledger entry `idle`
/// when the job's last image was offered.
void write_job_counters(RegisterFile& registers, const WorkDone& begin, const WorkDone& end,
                        std::uint64_t idle_until_last_push, const sc_core::sc_time& period);

}  // namespace cfc
