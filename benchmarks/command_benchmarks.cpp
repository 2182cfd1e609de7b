// `cfcsim` as a user runs it, in a process of its own: wall-clock time and memory peak.

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "benchmarks/workload.h"

namespace cfc::benchmarks {
namespace {

/// Runs `cfcsim ARGUMENTS` and returns the largest resident set of it and its workers, in bytes.
double run_cfcsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CFCSIM_BINARY);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execv(argv.front(), argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(pid, &status, 0, &usage) != pid || status != 0) {
    throw std::runtime_error("cfcsim failed; is the data set in " + data_folder() + '?');
  }
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

void command(benchmark::State& state, const std::string& name,
             const std::vector<std::string>& arguments) {
  std::vector<std::string> all{name, "--network", network_file(), "--data", data_folder()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  double peak = 0;
  for (auto _ : state) peak = std::max(peak, run_cfcsim(all));
  state.counters["peak_bytes"] = peak;
}

void verify(benchmark::State& state, const std::vector<std::string>& arguments) {
  command(state, "verify", arguments);
}

void trace(benchmark::State& state, std::vector<std::string> arguments) {
  const std::string folder = std::filesystem::temp_directory_path() / "cfc_benchmark_waves";
  arguments.insert(arguments.end(), {"--images", "10", "-o", folder});
  command(state, "trace", arguments);
  std::filesystem::remove_all(folder);
}

void start_up(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(run_cfcsim({"--version"}));
}

BENCHMARK_CAPTURE(verify, jobs_1, {"--jobs", "1"})
    ->Name("verify/9000_images_1_job")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(verify, jobs_2, {"--jobs", "2"})
    ->Name("verify/9000_images_2_jobs")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(verify, one_image, {"--images", "1"})
    ->Name("verify/1_image")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(trace, links, {"--depth", "1"})
    ->Name("trace/10_images_links")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(trace, lanes_8, {})
    ->Name("trace/10_images")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(trace, all_lanes, {"--lanes", "0-783"})
    ->Name("trace/10_images_all_lanes")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(start_up)->Name("start_up")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace cfc::benchmarks
