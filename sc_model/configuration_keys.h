#pragma once

// The keys of a configuration, each written once: how its value is read, and how it is written.
// Internal to configuration_file.

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sc_model/configuration_file.h"

namespace cfc {

/// Why a value cannot be used; whoever knows where it stands makes an InputError of it.
class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A key of `Given` settings and of the `Resolved` configuration.
template <typename Given, typename Resolved>
struct Key {
  const char* name;
  std::function<void(Given&, const std::string& value)> set;  ///< throws ValueError
  std::function<std::string(const Resolved&)> get;
};

using LayerKey = Key<LayerSettings, LayerConfiguration>;
using TopKey = Key<Settings, Configuration>;

/// Names of the two sections that stand beside the top keys; layer keys stand in them.
constexpr const char* kDefaults = "defaults";
constexpr const char* kLayers = "layers";

const std::vector<LayerKey>& layer_keys();
const std::vector<TopKey>& top_keys();

/// The key called `name`; throws ValueError with the nearest name if there is none.
const LayerKey& find_layer_key(const std::string& name);
const TopKey& find_top_key(const std::string& name);

/// A decimal number and nothing else, `lo` to `hi`; throws ValueError.
int parse_integer(const std::string& text, int lo, int hi);

/// `text` as a message can show it: short, and without control characters.
std::string printable(const std::string& text);

}  // namespace cfc
