#include "testbench/rtl/rtl_library.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/digest.h"
#include "support/error.h"
#include "support/project_folder.h"
#include "support/tool.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "librtl.so";

std::string text_of(const fs::path& file) {
  return read_whole_file(file, "it belongs to cfcsim or to $CFCSIM_RTL");
}

fs::path build_script() { return project_folder("testbench/rtl") / "build_rtl_library"; }

fs::path cache_folder() {
  if (const char* folder = std::getenv("CFCSIM_CACHE")) return folder;
  if (const char* folder = std::getenv("XDG_CACHE_HOME")) return fs::path(folder) / "cfcsim";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache" / "cfcsim";
  return fs::temp_directory_path() / "cfcsim";
}

std::string short_digest(const std::string& text) { return sha256_of_text(text).substr(0, 32); }

/// The design, what is compiled with it, and by what. `tools`: what the script says of them.
std::string digest_of(const RtlDesign& design, const std::string& tools) {
  const char* flags = std::getenv("CFCSIM_RTL_CXXFLAGS");
  std::string everything = text_of(project_folder("testbench/rtl") / "rtl_facade.cpp") +
                           text_of(build_script()) + tools + (flags ? flags : "");
  for (const fs::path& file : rtl_sources())
    everything.append(file.filename().string()).append(text_of(file));
  for (const auto& [name, text] : design.files)
    everything.append(name).append(1, '\0').append(text);
  return short_digest(everything);
}

/// Verilates and compiles in `folder`, which holds the design's files.
void build(const fs::path& folder, const std::string& tools) {
  std::vector<std::string> verilate{"verilator", "--cc", "-O3", "--x-assign", "fast",
                                    "--top-module", "lockstep_top", "--Mdir", folder / "obj",
                                    "-Wno-fatal", "-Wno-lint",
                                    // Loops over the elements of the widest word.
                                    "--unroll-count", "65536"};
  for (const fs::path& file : rtl_sources()) verilate.push_back(file);
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".sv") verilate.push_back(entry.path());
  }
  run_tool(verilate, folder / "verilator.log");
  run_tool({build_script(), folder / "obj", project_folder("testbench/rtl") / "rtl_facade.cpp",
            folder / kLibrary, cache_folder() / ("verilator-" + short_digest(tools))},
           folder / "compiler.log");
}

/// Builds beside its place and moves it there, so that a half-built design is never found.
fs::path built(const RtlDesign& design) {
  const std::string tools = output_of({build_script(), "--tools"});
  fs::path folder = cache_folder() / digest_of(design, tools);
  if (fs::exists(folder / kLibrary)) return folder;
  const fs::path partial = folder.string() + fmt::format(".{}.partial", getpid());
  std::error_code failure;
  fs::create_directories(partial, failure);
  if (failure) {
    throw InputError(fmt::format("{}: cannot be made ({}); give another folder in CFCSIM_CACHE",
                                 partial.parent_path().string(), failure.message()));
  }
  try {
    for (const auto& [name, text] : design.files) write_whole_file(partial / name, text);
    build(partial, tools);
  } catch (...) {
    fs::remove_all(partial);
    throw;
  }
  std::error_code already_there;
  fs::rename(partial, folder, already_there);
  if (already_there) fs::remove_all(partial);
  return folder;
}

/// Verilator's code keeps the widest words on the stack, many at a time: 13 MiB where 8 are usual.
void make_room_on_the_stack() {
  constexpr rlim_t kWanted = 100 << 20;  // Linux keeps 128 MiB free below the stack
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kWanted) return;
  limit.rlim_cur = std::min(kWanted, limit.rlim_max);
  setrlimit(RLIMIT_STACK, &limit);
}

/// The functions of testbench/rtl/rtl_facade.cpp in a loaded library.
class LoadedRtl : public RtlSimulation {
 public:
  explicit LoadedRtl(const fs::path& folder) : library_(open_library(folder)) {
    set_inputs_ = function<SetInputs>("rtl_set_inputs");
    observe_ = function<Observe>("rtl_observe");
    clock_ = function<Act>("rtl_clock");
    close_ = function<Act>("rtl_close");
    // The design reads the contents of its memories from files beside its library.
    const fs::path here = fs::current_path();
    make_room_on_the_stack();
    fs::current_path(folder);
    design_ = function<void* (*)()>("rtl_open")();
    fs::current_path(here);
  }
  ~LoadedRtl() override {
    close_(design_);
    dlclose(library_);
  }
  LoadedRtl(const LoadedRtl&) = delete;
  LoadedRtl& operator=(const LoadedRtl&) = delete;

  void set_inputs(bool reset_n, const std::vector<std::uint32_t>& controls,
                  const std::vector<std::uint8_t>& data) override {
    set_inputs_(design_, reset_n ? 1 : 0, controls.data(), data.data(), data.size());
  }
  void observe(std::vector<std::int32_t>& observed) override { observe_(design_, observed.data()); }
  void clock() override { clock_(design_); }

 private:
  using SetInputs = void (*)(void*, int, const std::uint32_t*, const std::uint8_t*, std::size_t);
  using Observe = void (*)(void*, std::int32_t*);
  using Act = void (*)(void*);

  static void* open_library(const fs::path& folder) {
    void* library = dlopen((folder / kLibrary).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(fmt::format("cannot load the RTL: {}", dlerror()));
    return library;
  }

  template <typename Function>
  Function function(const char* name) const {
    void* symbol = dlsym(library_, name);
    if (!symbol) throw std::runtime_error(fmt::format("cannot load the RTL: {}", dlerror()));
    return reinterpret_cast<Function>(symbol);
  }

  void* library_;
  void* design_{nullptr};
  SetInputs set_inputs_{nullptr};
  Observe observe_{nullptr};
  Act clock_{nullptr};
  Act close_{nullptr};
};

}  // namespace

std::vector<fs::path> rtl_sources() {
  const char* other = std::getenv("CFCSIM_RTL");
  const fs::path folder = other ? fs::path(other) : project_folder("rtl_ref");
  std::error_code none;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
    if (entry.path().extension() == ".v") files.push_back(entry.path());
  }
  if (files.empty()) {
    throw InputError(
        fmt::format("{}: holds no RTL (*.v); give another folder in CFCSIM_RTL", folder.string()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::unique_ptr<RtlSimulation> load_rtl(const RtlDesign& design) {
  return std::make_unique<LoadedRtl>(built(design));
}

}  // namespace cfc
