#include "testbench/wave/trace_save_file.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

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

std::string filter_text(const std::vector<const char*>& states) {
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
  for (std::size_t code = 0; code < states.size(); ++code) {
    text += fmt::format("{:x} ?{}?{}\n", code, colours.at(states[code]), states[code]);
  }
  return text;
}

std::string filter_file(const std::string& controller) {
  return fmt::format("states/{}.txt", controller);
}

/// `r_state` of dcl.dcl_scm.r_state.
std::string name_in_scope(const Signal& signal) {
  return signal.path.substr(signal.path.rfind('.') + 1);
}

/// `dcl_scm` of dcl.dcl_scm.r_state.
std::string controller_of(const Signal& signal) {
  const std::string scope = signal.path.substr(0, signal.path.rfind('.'));
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

  /// The signals of layer `number` and `group` called `name` in their scope, lane by lane,
  /// `kLanesShown` at the most; one under the other from every side.
  void signals(std::size_t number, const std::string& group, const std::string& name) {
    std::size_t shown = 0;
    for (const LayerSignal& signal : trace_.signals) {
      if (signal.layer != number || signal.signal.group != group) continue;
      if (name_in_scope(signal.signal) != name) continue;
      if (shown++ == kLanesShown) return;
      for (const std::string& side : sides_) add(side, signal);
    }
  }

  /// A controller of the shell.
  void state(std::size_t number, const std::string& path) {
    for (const LayerSignal& signal : trace_.signals) {
      if (signal.layer != number || signal.signal.path != path) continue;
      for (const std::string& side : sides_) add(side, signal);
    }
  }

  const std::string& text() const { return text_; }

 private:
  void add(const std::string& side, const LayerSignal& traced) {
    const Signal& signal = traced.signal;
    std::string name = side + '.' + wave_path(traced);
    if (signal.bits > 1) name += fmt::format("[{}:0]", signal.bits - 1);
    name = fmt::format("+{{{}{}}} {}", sides_.size() > 1 ? side + ' ' : "", label(traced), name);
    switch (signal.kind) {
      case SignalKind::bit:
        return line(kBinary | kRightAligned, name);
      case SignalKind::unsigned_number:
        return line(kDecimal | kRightAligned, name);
      case SignalKind::signed_number:
        return line(kDecimal | kRightAligned | kSigned, name);
      case SignalKind::state:
        const std::string controller = controller_of(signal);
        return line(kHexadecimal | kRightAligned | kFileFilter,
                    fmt::format("^{} {}\n{}", filter_number(controller),
                                (folder_ / filter_file(controller)).string(), name));
    }
  }

  /// The signal's name; a state is called by its controller.
  static std::string label(const LayerSignal& traced) {
    if (traced.signal.kind == SignalKind::state) return kTitles.at(controller_of(traced.signal));
    const std::string path = wave_path(traced);
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

/// A calculator and its controller, as U and V in Fig. 15.
void add_group(SaveFile& save, std::size_t number, const std::string& group) {
  save.begin_group(group);
  for (const char* name : {"r_state", "w_k", "w_tile", "i_node", "i_wegt", "w_mult", "result"}) {
    save.signals(number, group, name);
  }
  save.end_group(group);
}

/// Groups and single signals of the engine, in the order in which the layer has them.
void add_engine(SaveFile& save, const TraceResult& trace, std::size_t number) {
  std::set<std::string> seen;
  for (const auto& [layer, signal] : trace.signals) {
    if (layer != number || !is_of_engine(signal)) continue;
    if (!seen.insert(signal.group.empty() ? signal.path : signal.group).second) continue;
    if (signal.group.empty()) {
      save.signals(number, "", name_in_scope(signal));
    } else {
      add_group(save, number, signal.group);
    }
  }
}

std::string layer_title(std::size_t number, const LayerConfiguration& configuration) {
  const LayerShape& shape = configuration.shape;
  const std::string rank = shape.r ? fmt::format(" rank {}", *shape.r) : "";
  return fmt::format("Layer {}: {} x {}{} {}", number, shape.m, shape.n, rank,
                     to_string(configuration.schedule));
}

void add_layer(SaveFile& save, const TraceResult& trace, std::size_t number) {
  for (const char* name : {"i_valid", "o_ready"}) save.signals(number, "", name);
  save.state(number, "l_scm.r_state");
  save.state(number, "mcm.r_state");
  add_engine(save, trace, number);
  for (const char* name : {"o_valid", "i_ready", "o_data"}) save.signals(number, "", name);
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
    add_layer(save, trace, i + 1);
    is_open ? save.end_group(title) : save.end_closed_group(title);
  }
  std::vector<std::pair<std::string, std::string>> files{{"trace.gtkw", save.text()}};
  std::set<std::string> controllers;
  for (const auto& [layer, signal] : trace.signals) {
    if (signal.kind != SignalKind::state) continue;
    const std::string controller = controller_of(signal);
    if (!controllers.insert(controller).second) continue;
    files.emplace_back(filter_file(controller), filter_text(signal.states));
  }
  return files;
}

}  // namespace cfc
