// The `cfcsim` command: subcommands, errors and exit statuses.

#include <cstdlib>
#include <memory>
#include <string>

#include <systemc>

#include <CLI/CLI.hpp>

#include "cfcsim/compare/compare.h"
#include "cfcsim/export/accesses_command.h"
#include "cfcsim/export/export_command.h"
#include "cfcsim/import_command.h"
#include "cfcsim/info/info_command.h"
#include "cfcsim/lockstep_command.h"
#include "cfcsim/platform/platform_command.h"
#include "cfcsim/report/report_command.h"
#include "cfcsim/sweep/sweep_command.h"
#include "cfcsim/trace_command.h"
#include "cfcsim/verify.h"
#include "support/command/command_line.h"
#include "support/exit_status.h"
#include "support/version.h"

namespace {

/// A subcommand; its exit status goes to `status` once the command line has been parsed.
template <typename Options>
void add_command(CLI::App& parent, const std::string& name, const std::string& description,
                 int (*command)(const Options&), int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* subcommand = parent.add_subcommand(name, description);
  options->add_to(*subcommand);
  subcommand->callback([options, command, &status] { status = command(*options); });
}

int run(int argc, char** argv) {
  CLI::App app{"Cycle-accurate model of a compressed fully connected layer accelerator", "cfcsim"};
  app.set_version_flag("--version", cfc::kVersion);
  app.require_subcommand(1);
  app.failure_message(cfc::usage_error);

  int status = cfc::kExitOk;
  add_command(app, "verify", "Run images through the SystemC model, every bit against golden",
              cfc::verify, status);
  add_command(app, "import", "Make a network of somebody's ONNX model", cfc::import_network,
              status);
  add_command(app, "info", "What a network, a workload or a configuration is", cfc::info, status);
  add_command(app, "workloads", "Networks that people run, as shapes without weights",
              cfc::workloads, status);
  add_command(app, "compare",
              "Dense, sequential and streaming side by side on one network or workload",
              cfc::compare, status);
  add_command(app, "lockstep", "Compare the SystemC model with the Verilog RTL in every cycle",
              cfc::lockstep, status);
  add_command(app, "sweep", "Compute many configurations into a database; resumable", cfc::sweep,
              status);
  add_command(app, "sweep-merge", "Put databases of sweeps into one", cfc::sweep_merge, status);
  add_command(app, "platform", "Accelerators in a system: host, bus, DRAM, batches, load",
              cfc::platform, status);
  add_command(app, "trace", "Waveforms of chosen images and cycles, model and RTL", cfc::trace,
              status);
  add_command(app, "report", "One page with charts from results, for any browser", cfc::report,
              status);
  CLI::App* export_command = app.add_subcommand("export", "Write the network for other tools");
  export_command->require_subcommand(1);
  add_command(*export_command, "rtl",
              "Verilog of the accelerator, its memories' contents and a self-checking bench",
              cfc::export_rtl, status);
  add_command(*export_command, "accesses",
              "Every access of every memory, or what Ramulator and DRAMSys replay of it",
              cfc::export_accesses, status);

  cfc::apply_rules(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cfc::kExitOk : cfc::kExitBadInput;
  }
  return status;
}

}  // namespace

int main(int argc, char* argv[]) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);  // standard output belongs to the results
  return sc_core::sc_elab_and_sim(argc, argv);
}

int sc_main(int argc, char* argv[]) {
  return cfc::exit_status_of("cfcsim", [=] { return run(argc, argv); });
}
