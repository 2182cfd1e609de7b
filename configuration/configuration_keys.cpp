#include "configuration/configuration_keys.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cfc {
namespace {

constexpr int kMaxLatency = 64;
constexpr double kMaxClockNs = 1e6;

Width parse_width(const std::string& text) {
  if (text == "full") return {};
  try {
    return {parse_integer(text, 1, kMaxWidth)};
  } catch (const ValueError&) {
    throw ValueError(
        fmt::format("'{}' is not a width; give 1 to {}, or full", printable(text), kMaxWidth));
  }
}

ClockPeriod parse_clock(const std::string& text) {
  if (text == "synthesised") return {};
  try {
    const double period = parse_real(text, kClockStepNs, kMaxClockNs);
    const double steps = period / kClockStepNs;
    constexpr double kRounding = 1e-6;
    if (std::abs(steps - std::round(steps)) <= kRounding) return {period};
  } catch (const ValueError&) {  // refused below, in the words of a clock
  }
  throw ValueError(fmt::format(
      "'{}' is not a clock period; give a multiple of {} ns, up to {} ns, or synthesised",
      printable(text), kClockStepNs, kMaxClockNs));
}

auto number(int lo, int hi) {
  return [=](const std::string& text) { return parse_integer(text, lo, hi); };
}

template <typename Enum, std::size_t Count>
auto one_of(const std::array<Enum, Count>& choices) {
  return [=](const std::string& text) {
    std::vector<std::string> names;
    for (const Enum choice : choices) {
      if (text == to_string(choice)) return choice;
      names.push_back(to_string(choice));
    }
    throw ValueError(fmt::format("'{}' is not one of {}", printable(text), fmt::join(names, ", ")));
  };
}

std::string text_of(int value) { return std::to_string(value); }
std::string text_of(double value) { return fmt::format("{}", value); }
template <typename Enum>
std::string text_of(Enum value) {
  return to_string(value);
}

template <typename Given, typename Resolved, typename Setting, typename Value, typename Parse>
Key<Given, Resolved> make_key(const char* name, std::optional<Setting> Given::*setting,
                              Value Resolved::*value, Parse parse) {
  return {name, [=](Given& given, const std::string& text) { given.*setting = parse(text); },
          [=](const Resolved& resolved) { return text_of(resolved.*value); }};
}

/// A layer's key whose value is taken as it is given.
template <typename Value, typename Parse>
LayerKey plain_key(const char* name, std::optional<Value> LayerSettings::*setting,
                   Value LayerConfiguration::*value, Parse parse) {
  return {make_key(name, setting, value, parse),
          [=](LayerConfiguration& layer, const LayerSettings& own, const LayerSettings& defaults) {
            const std::optional<Value>& given = own.*setting ? own.*setting : defaults.*setting;
            layer.*value = given.value_or(layer.*value);
          }};
}

/// A width; one that is not given is full, too.
LayerKey width_key(const char* name, std::optional<Width> LayerSettings::*setting,
                   int LayerConfiguration::*value, int (*full)(const LayerConfiguration&)) {
  return {make_key(name, setting, value, parse_width),
          [=](LayerConfiguration& layer, const LayerSettings& own, const LayerSettings& defaults) {
            const std::optional<Width>& given = own.*setting ? own.*setting : defaults.*setting;
            layer.*value = given.value_or(Width{}).elements.value_or(full(layer));
          }};
}

/// Changes of one character that lead from `a` to `b`.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

template <typename KeyType>
const KeyType* find(const std::vector<KeyType>& keys, const std::string& name) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const KeyType& key) { return name == key.name; });
  return found == keys.end() ? nullptr : &*found;
}

template <typename KeyType>
std::vector<std::string> names_of(const std::vector<KeyType>& keys) {
  std::vector<std::string> names(keys.size());
  std::transform(keys.begin(), keys.end(), names.begin(), [](const auto& key) { return key.name; });
  return names;
}

/// "unknown key; did you mean ...?"
std::string unknown_key(const std::string& name, const std::vector<std::string>& known) {
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
        return edit_distance(name, a) < edit_distance(name, b);
      });
  constexpr std::size_t kTypo = 3;
  if (edit_distance(name, *nearest) <= kTypo) {
    return fmt::format("unknown key '{}'; did you mean {}?", printable(name), *nearest);
  }
  return fmt::format("unknown key '{}'; the keys here are {}", printable(name),
                     fmt::join(known, ", "));
}

}  // namespace

const std::vector<LayerKey>& layer_keys() {
  using S = LayerSettings;
  using C = LayerConfiguration;
  static const std::vector<LayerKey> keys{
      plain_key("schedule", &S::schedule, &C::schedule, one_of(kSchedules)),
      width_key("lanes_u", &S::lanes_u, &C::lanes_u, [](const C& layer) { return layer.shape.m; }),
      width_key("lanes_v", &S::lanes_v, &C::lanes_v,
                [](const C& layer) { return layer.vector_v(); }),
      plain_key("issue", &S::issue, &C::issue, one_of(kIssues)),
      plain_key("read_latency", &S::read_latency, &C::read_latency, number(0, kMaxLatency)),
      plain_key("multiply_latency", &S::multiply_latency, &C::multiply_latency,
                number(0, kMaxLatency)),
      plain_key("adder_latency", &S::adder_latency, &C::adder_latency, number(0, kMaxLatency)),
      plain_key("requantise_latency", &S::requantise_latency, &C::requantise_latency, number(0, 1)),
      plain_key("v_read_latency", &S::v_read_latency, &C::v_read_latency, number(0, kMaxLatency)),
      width_key("link_width", &S::link_width, &C::link_width,
                [](const C& layer) { return layer.shape.n; }),
      plain_key("input_buffers", &S::input_buffers, &C::input_buffers, number(1, 2)),
      plain_key("psum_storage", &S::psum_storage, &C::psum_storage, one_of(kPsumStorages))};
  return keys;
}

const std::vector<TopKey>& top_keys() {
  static const std::vector<TopKey> keys{make_key("clock_period_ns", &Settings::clock_period_ns,
                                                 &Configuration::clock_period_ns, parse_clock),
                                        make_key("input_link_width", &Settings::input_link_width,
                                                 &Configuration::input_link_width, parse_width)};
  return keys;
}

const LayerKey& find_layer_key(const std::string& name) {
  if (const LayerKey* key = find(layer_keys(), name)) return *key;
  throw ValueError(unknown_key(name, names_of(layer_keys())));
}

const TopKey& find_top_key(const std::string& name) {
  if (const TopKey* key = find(top_keys(), name)) return *key;
  if (find(layer_keys(), name) != nullptr) {
    throw ValueError(fmt::format("belongs to a layer; give {}.{}, or {}.1.{} for layer 1 alone",
                                 kDefaults, name, kLayers, name));
  }
  std::vector<std::string> known = names_of(top_keys());
  known.insert(known.end(), {kDefaults, kLayers});
  throw ValueError(unknown_key(name, known));
}

}  // namespace cfc
