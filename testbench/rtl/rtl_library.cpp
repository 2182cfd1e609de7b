#include "testbench/rtl/rtl_library.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/digest.h"
#include "support/error.h"
#include "support/project_folder.h"
#include "support/temporary_folder.h"
#include "support/tool.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "librtl.so";
constexpr const char* kLibraryDigest = "librtl.so.sha256";

std::string text_of(const fs::path& file) {
  return read_whole_file(file, "it belongs to cfcsim or to $CFCSIM_RTL");
}

fs::path build_script() { return project_folder("testbench/rtl") / "build_rtl_library"; }

/// An absolute path in the environment; the XDG specification has others ignored.
std::optional<fs::path> absolute_path_in(const char* variable) {
  const char* value = std::getenv(variable);
  if (!value || !fs::path(value).is_absolute()) return {};
  return value;
}

/// Where compiled designs are kept.
fs::path cache_folder() {
  const char* named = std::getenv("CFCSIM_CACHE");
  if (named && *named != '\0') return fs::absolute(named);
  if (const auto caches = absolute_path_in("XDG_CACHE_HOME")) return *caches / "cfcsim";
  if (const auto home = absolute_path_in("HOME")) return *home / ".cache" / "cfcsim";
  throw InputError("there is no place for compiled RTL; name a folder in CFCSIM_CACHE");
}

/// What is loaded from the cache runs as this user, so nobody else may have put it there.
void check_own(const fs::path& path) {
  struct stat status {};
  constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
  const bool is_there = ::lstat(path.c_str(), &status) == 0;
  if (is_there && status.st_uid == geteuid() && (status.st_mode & kOthersWrite) == 0) return;
  throw InputError(fmt::format(
      "{}: compiled RTL would be loaded from there, but it is not yours or others can write it; "
      "name another folder in CFCSIM_CACHE, or take their rights away (chmod -R go-w)",
      path.string()));
}

/// The cache, made for this user alone if it is not there.
fs::path own_cache_folder() {
  const fs::path folder = cache_folder();
  if (folder.string().find_first_of("\"'\\$`\n") != std::string::npos) {
    throw InputError(
        fmt::format("{}: compilers cannot take quotes, backslashes or dollars in a path; name "
                    "another folder in "
                    "CFCSIM_CACHE",
                    folder.string()));
  }
  std::error_code failure;
  fs::create_directories(folder.parent_path(), failure);
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw InputError(fmt::format("{}: cannot be made ({}); give another folder in CFCSIM_CACHE",
                                 folder.string(), std::strerror(errno)));
  }
  check_own(folder);
  return folder;
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
void build(const fs::path& folder, const fs::path& runtime) {
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
            folder / kLibrary, runtime},
           folder / "compiler.log");
}

/// Whether a folder has a library, and the one that was built: a loader dies of one that was cut
/// off.
bool is_whole(const fs::path& folder) {
  return fs::exists(folder / kLibrary) && fs::exists(folder / kLibraryDigest) &&
         text_of(folder / kLibraryDigest) == sha256_of_file(folder / kLibrary);
}

/// The folder of the compiled design in the cache. It is built beside its place and moved there, so
/// that a half-built design is never found.
fs::path built(const RtlDesign& design) {
  const fs::path cache = own_cache_folder();
  const std::string tools = output_of({build_script(), "--tools"});
  fs::path folder = cache / digest_of(design, tools);
  if (!is_whole(folder)) {
    fs::remove_all(folder);
    const TemporaryFolder partial(cache);
    for (const auto& [name, text] : design.files) write_whole_file(partial / name, text);
    build(partial.path(), cache / ("verilator-" + short_digest(tools)));
    write_whole_file(partial / kLibraryDigest, sha256_of_file(partial / kLibrary));
    std::error_code already_there;  // another process was faster
    fs::rename(partial.path(), folder, already_there);
  }
  check_own(folder);
  check_own(folder / kLibrary);
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
