// The `cfcsim` command: subcommands, errors and exit statuses.

#include <cstdlib>
#include <exception>

#include <systemc>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "golden/error.h"
#include "testbench/export_command.h"
#include "testbench/lockstep_command.h"
#include "testbench/verify.h"
#include "testbench/version.h"

namespace {

constexpr int kExitBadInput = 2;

int run(int argc, char** argv) {
  CLI::App app{"Cycle-accurate model of a compressed fully connected layer accelerator", "cfcsim"};
  app.set_version_flag("--version", cfc::kVersion);
  app.require_subcommand(1);

  cfc::VerifyOptions verify_options;
  CLI::App* verify = app.add_subcommand(
      "verify", "Run images through the SystemC model, every bit against golden");
  verify_options.add_to(*verify);

  cfc::LockstepOptions lockstep_options;
  CLI::App* lockstep = app.add_subcommand(
      "lockstep", "Compare the SystemC model with the Verilog RTL in every cycle");
  lockstep_options.add_to(*lockstep);

  cfc::ExportRtlOptions export_options;
  CLI::App* export_command = app.add_subcommand("export", "Write the network for other tools");
  export_command->require_subcommand(1);
  CLI::App* rtl = export_command->add_subcommand(
      "rtl", "Verilog of the accelerator, its memories' contents and a self-checking bench");
  export_options.add_to(*rtl);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitBadInput;
  }
  if (verify->parsed()) return cfc::verify(verify_options);
  return lockstep->parsed() ? cfc::lockstep(lockstep_options) : cfc::export_rtl(export_options);
}

}  // namespace

int main(int argc, char* argv[]) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);  // standard output belongs to the results
  return sc_core::sc_elab_and_sim(argc, argv);
}

int sc_main(int argc, char* argv[]) {
  try {
    return run(argc, argv);
  } catch (const cfc::InputError& error) {
    fmt::print(stderr, "cfcsim: {}\n", error.what());
    return kExitBadInput;
  } catch (const std::exception& error) {
    fmt::print(stderr, "cfcsim: {} (this is a fault of cfcsim)\n", error.what());
    return 3;
  }
}
