#include "testbench/rtl_library.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include "golden/digest.h"
#include "golden/error.h"
#include "testbench/project_folder.h"
#include "testbench/tool.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "librtl.so";

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> source_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(rtl_sources())) {
    if (entry.path().extension() == ".v") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path cache_folder() {
  if (const char* folder = std::getenv("CFCSIM_CACHE")) return folder;
  if (const char* folder = std::getenv("XDG_CACHE_HOME")) return fs::path(folder) / "cfcsim";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache" / "cfcsim";
  return fs::temp_directory_path() / "cfcsim";
}

std::string digest_of(const RtlDesign& design) {
  std::string everything = text_of(project_folder("testbench") / "rtl_facade.cpp") +
                           text_of(project_folder("testbench") / "build_rtl_library");
  for (const fs::path& file : source_files())
    everything.append(file.filename().string()).append(text_of(file));
  for (const auto& [name, text] : design.files)
    everything.append(name).append(1, '\0').append(text);
  return golden::sha256_of_text(everything).substr(0, 32);
}

/// Verilates and compiles in `folder`, which holds the design's files.
void build(const fs::path& folder) {
  std::vector<std::string> verilate{"verilator",    "--cc",         "-O3",          "--x-assign",
                                    "fast",         "--top-module", "lockstep_top", "--Mdir",
                                    folder / "obj", "-Wno-fatal",   "-Wno-lint"};
  for (const fs::path& file : source_files()) verilate.push_back(file);
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".sv") verilate.push_back(entry.path());
  }
  run_tool(verilate, folder / "verilator.log");
  run_tool({project_folder("testbench") / "build_rtl_library", folder / "obj",
            project_folder("testbench") / "rtl_facade.cpp", folder / kLibrary,
            cache_folder() / "verilator"},
           folder / "compiler.log");
}

/// Builds beside its place and moves it there, so that a half-built design is never found.
fs::path built(const RtlDesign& design) {
  fs::path folder = cache_folder() / digest_of(design);
  if (fs::exists(folder / kLibrary)) return folder;
  const fs::path partial = folder.string() + fmt::format(".{}.partial", getpid());
  fs::create_directories(partial);
  try {
    for (const auto& [name, text] : design.files) std::ofstream(partial / name) << text;
    build(partial);
  } catch (...) {
    fs::remove_all(partial);
    throw;
  }
  std::error_code already_there;
  fs::rename(partial, folder, already_there);
  if (already_there) fs::remove_all(partial);
  return folder;
}

/// The functions of testbench/rtl_facade.cpp in a loaded library.
class LoadedRtl : public RtlSimulation {
 public:
  explicit LoadedRtl(const fs::path& folder) : library_(open_library(folder)) {
    set_inputs_ = function<SetInputs>("rtl_set_inputs");
    observe_ = function<Observe>("rtl_observe");
    clock_ = function<Act>("rtl_clock");
    close_ = function<Act>("rtl_close");
    // The design reads the contents of its memories from files beside its library.
    const fs::path here = fs::current_path();
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
  void observe(std::vector<std::uint32_t>& observed) override {
    observe_(design_, observed.data());
  }
  void clock() override { clock_(design_); }

 private:
  using SetInputs = void (*)(void*, int, const std::uint32_t*, const std::uint8_t*, std::size_t);
  using Observe = void (*)(void*, std::uint32_t*);
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

fs::path rtl_sources() {
  const char* other = std::getenv("CFCSIM_RTL");
  return other ? fs::path(other) : project_folder("rtl_ref");
}

std::unique_ptr<RtlSimulation> load_rtl(const RtlDesign& design) {
  return std::make_unique<LoadedRtl>(built(design));
}

}  // namespace cfc
