#include "testbench/wave/trace_save_file.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "sc_model/dcl/dcl_state_control.h"
#include "sc_model/dil/dil_state_control.h"
#include "sc_model/layer/layer_state_control.h"
#include "sc_model/mcm/memory_control.h"

namespace cfc {
namespace {

// Flags of a line in a save file: how it is shown, and what kind of line it is.
constexpr unsigned kHexadecimal = 0x2;
constexpr unsigned kDecimal = 0x4;
constexpr unsigned kBinary = 0x8;
constexpr unsigned kRightAligned = 0x20;
constexpr unsigned kBlank = 0x200;
constexpr unsigned kSigned = 0x400;
constexpr unsigned kFileFilter = 0x2000;
constexpr unsigned kGroupBegin = 0x800000;
constexpr unsigned kGroupEnd = 0x1000000;
constexpr unsigned kClosed = 0x400000;

constexpr double kWavePixels = 1150;  // of a window 1600 wide, beside the names
constexpr double kFramePixels = 200;  // GTKWave's unit of zoom: 2^-zoom time units on so many
constexpr std::size_t kLanesShown = 2;

/// What the paper calls the controllers.
const std::map<std::string, std::string> kTitles{
    {"l_scm", "L-SCM"}, {"mcm", "MCM"}, {"dcl_scm", "DCL-SCM"}, {"dil_scm", "DIL-SCM"}};

template <typename State>
std::string filter_text(std::initializer_list<State> states) {
  const std::map<std::string, std::string> colours{{"Idle", "DimGray"},
                                                   {"Load", "DarkOrange4"},
                                                   {"Run", "DarkGreen"},
                                                   {"Send", "MidnightBlue"},
                                                   {"Compute", "DarkGreen"},
                                                   {"Multiply", "DarkOrange4"},
                                                   {"Accumulate", "MidnightBlue"},
                                                   {"Wait", "DarkRed"},
                                                   {"Write", "DarkOrange4"},
                                                   {"Read", "DarkGreen"}};
  std::string text;
  for (const State state : states) {
    const char* name = to_string(state);
    text += fmt::format("{:x} ?{}?{}\n", static_cast<int>(state), colours.at(name), name);
  }
  return text;
}

std::string filter_file(const std::string& controller) {
  return fmt::format("states/{}.txt", controller);
}

/// `dcl_scm` of layer_1.dcl.dcl_scm.r_state.
std::string controller_of(const std::string& path) {
  const std::string scope = path.substr(0, path.rfind('.'));
  return scope.substr(scope.rfind('.') + 1);
}

/// The lines of a save file.
class SaveFile {
 public:
  SaveFile(const TraceResult& trace, std::vector<std::string> sides, std::filesystem::path folder)
      : trace_(trace), sides_(std::move(sides)), folder_(std::move(folder)) {}

  void header(const std::string& dump, std::uint64_t period_ps) {
    const auto ps = [&](std::uint64_t cycle) { return cycle * period_ps; };
    const std::uint64_t shown = ps(trace_.last_cycle + 1 - trace_.first_cycle);
    text_ += fmt::format(
        "[*] cfcsim trace\n[dumpfile] \"{}\"\n[savefile] \"{}\"\n[timestart] {}\n[size] 1600 "
        "1000\n[pos] -1 -1\n"
        "*-{:.4f} -1{}\n[sst_width] 200\n[signals_width] 250\n[sst_expanded] 0\n",
        (folder_ / dump).string(), (folder_ / "trace.gtkw").string(), ps(trace_.first_cycle),
        std::log2(static_cast<double>(shown) * kFramePixels / kWavePixels),
        " -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1");
    line(kBinary | kRightAligned, "bench.i_clk");
    line(kDecimal | kRightAligned, "+{cycle} bench.cycle[31:0]");
  }

  void begin_group(const std::string& name) {
    text_ += fmt::format("@{:x}\n-{}\n", kGroupBegin | kBlank, name);
  }
  void begin_closed_group(const std::string& name) {
    text_ += fmt::format("@{:x}\n-{}\n", kGroupBegin | kClosed | kBlank, name);
  }
  void end_group(const std::string& name) {
    text_ += fmt::format("@{:x}\n-{}\n", kGroupEnd | kBlank, name);
  }
  void end_closed_group(const std::string& name) {
    text_ += fmt::format("@{:x}\n-{}\n", kGroupEnd | kClosed | kBlank, name);
  }

  /// The signals of `scope` called `name`, lane by lane, `most` at the most; one under the other
  /// from every side.
  void signals(const std::string& scope, const std::string& name, std::size_t most = kLanesShown) {
    for (const TraceSignal& signal : trace_.signals) {
      const std::string& path = signal.wave.path;
      const std::string wanted = scope + '.' + name;
      const bool is_lane = path.rfind(wanted + '_', 0) == 0 && signal.probe.name.back() == ']';
      if (path != wanted && !is_lane) continue;
      if (most-- == 0) return;
      for (const std::string& side : sides_) add(side, signal);
    }
  }

  const std::string& text() const { return text_; }

 private:
  void add(const std::string& side, const TraceSignal& signal) {
    std::string name = side + '.' + signal.wave.path;
    if (signal.wave.bits > 1) name += fmt::format("[{}:0]", signal.wave.bits - 1);
    name = fmt::format("+{{{}{}}} {}", sides_.size() > 1 ? side + ' ' : "", label(signal), name);
    switch (signal.look) {
      case Look::bit:
        return line(kBinary | kRightAligned, name);
      case Look::unsigned_number:
        return line(kDecimal | kRightAligned, name);
      case Look::signed_number:
        return line(kDecimal | kRightAligned | kSigned, name);
      case Look::state:
        const std::string controller = controller_of(signal.wave.path);
        return line(kHexadecimal | kRightAligned | kFileFilter,
                    fmt::format("^{} {}\n{}", filter_number(controller),
                                (folder_ / filter_file(controller)).string(), name));
    }
  }

  /// The signal's name; a state is called by its controller.
  static std::string label(const TraceSignal& signal) {
    const std::string& path = signal.wave.path;
    if (signal.look == Look::state) return kTitles.at(controller_of(path));
    return path.substr(path.rfind('.') + 1);
  }

  /// Filters are numbered in the order in which they appear.
  std::size_t filter_number(const std::string& controller) {
    const auto found = std::find(filters_.begin(), filters_.end(), controller);
    if (found != filters_.end()) return static_cast<std::size_t>(found - filters_.begin()) + 1;
    filters_.push_back(controller);
    return filters_.size();
  }

  void line(unsigned flags, const std::string& text) {
    text_ += fmt::format("@{:x}\n{}\n", flags, text);
  }

  const TraceResult& trace_;
  const std::vector<std::string> sides_;
  const std::filesystem::path folder_;
  std::vector<std::string> filters_;
  std::string text_;
};

/// A dot-product engine, as U in Fig. 15.
void add_dot_product_engine(SaveFile& save, const std::string& title, const std::string& engine) {
  save.begin_group(title);
  save.signals(engine + ".dcl_scm", "r_state");
  for (const char* name : {"k", "tile"}) save.signals(engine + ".dcl_scm", name);
  for (const char* name : {"i_node", "i_wegt", "w_mult"}) save.signals(engine + ".u_mc", name);
  save.signals(engine + ".u_mc", "result");
  save.end_group(title);
}

/// DIL, as V in Fig. 15.
void add_dil(SaveFile& save, const std::string& layer) {
  const std::string title = "V (DIL)";
  save.begin_group(title);
  save.signals(layer + ".dil.dil_scm", "r_state");
  for (const char* name : {"k", "tile"}) save.signals(layer + ".dil.dil_scm", name);
  for (const char* name : {"i_node", "i_wegt", "w_mult", "result"}) {
    save.signals(layer + ".dil.v_mc", name);
  }
  save.end_group(title);
}

void add_engines(SaveFile& save, const std::string& layer, Schedule schedule) {
  switch (schedule) {
    case Schedule::dense:
      return add_dot_product_engine(save, "W (DCL)", layer + ".dcl");
    case Schedule::sequential:
      add_dot_product_engine(save, "U (DCL)", layer + ".dcl_u");
      return add_dot_product_engine(save, "V (second pass)", layer + ".dcl_v");
    case Schedule::streaming:
      add_dot_product_engine(save, "U (DCL)", layer + ".dcl");
      for (const char* name : {"z_valid", "z_ready", "z"}) save.signals(layer, name);
      add_dil(save, layer);
  }
}

std::string layer_title(std::size_t number, const LayerConfiguration& configuration) {
  const LayerShape& shape = configuration.shape;
  const std::string rank = shape.r ? fmt::format(" rank {}", *shape.r) : "";
  return fmt::format("Layer {}: {} x {}{} {}", number, shape.m, shape.n, rank,
                     to_string(configuration.schedule));
}

void add_layer(SaveFile& save, std::size_t number, const LayerConfiguration& configuration) {
  const std::string layer = fmt::format("layer_{}", number);
  for (const char* name : {"i_valid", "o_ready"}) save.signals(layer, name);
  save.signals(layer + ".l_scm", "r_state");
  save.signals(layer + ".mcm", "r_state");
  add_engines(save, layer, configuration.schedule);
  for (const char* name : {"o_valid", "i_ready", "o_data"}) save.signals(layer, name);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> gtkwave_files(
    const TraceResult& trace, const Configuration& configuration,
    const std::vector<std::string>& sides, const std::filesystem::path& folder,
    const std::string& dump) {
  SaveFile save(trace, sides, std::filesystem::absolute(folder));
  save.header(dump, static_cast<std::uint64_t>(std::llround(configuration.clock_period_ns * 1000)));
  const std::size_t first = trace.signals.front().layer;
  for (std::size_t i = 0; i < configuration.layers.size(); ++i) {
    const std::string title = layer_title(i + 1, configuration.layers[i]);
    // The first layer stands open; it fills the window.
    const bool is_open = i + 1 == first;
    is_open ? save.begin_group(title) : save.begin_closed_group(title);
    add_layer(save, i + 1, configuration.layers[i]);
    is_open ? save.end_group(title) : save.end_closed_group(title);
  }
  return {{"trace.gtkw", save.text()},
          {filter_file("l_scm"),
           filter_text({LayerState::idle, LayerState::load, LayerState::run, LayerState::send})},
          {filter_file("mcm"), filter_text({MemoryState::write, MemoryState::read})},
          {filter_file("dcl_scm"), filter_text({DclState::idle, DclState::compute,
                                                DclState::multiply, DclState::accumulate})},
          {filter_file("dil_scm"), filter_text({DilState::idle, DilState::run, DilState::wait})}};
}

}  // namespace cfc
