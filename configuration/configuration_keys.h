#pragma once

// The keys of a configuration, each written once: how its value is read, and how it is written.
// Internal to configuration_file.

#include <functional>
#include <string>
#include <vector>

#include "configuration/configuration_file.h"
#include "support/numbers.h"
#include "support/text.h"

namespace cfc {

/// Elements of the widest word or tile.
constexpr int kMaxWidth = 65536;

/// A key of `Given` settings and of the `Resolved` configuration.
template <typename Given, typename Resolved>
struct Key {
  const char* name;
  std::function<void(Given&, const std::string& value)> set;  ///< throws ValueError
  std::function<std::string(const Resolved&)> get;
};

struct LayerKey : Key<LayerSettings, LayerConfiguration> {
  /// Gives a layer the value of its own settings, or else that of `defaults`, or else the one that
  /// it has. `full` depends on the layer's shape and schedule, which must be there before.
  std::function<void(LayerConfiguration&, const LayerSettings& own, const LayerSettings& defaults)>
      resolve;
};
using TopKey = Key<Settings, Configuration>;

/// Names of the two sections that stand beside the top keys; layer keys stand in them.
constexpr const char* kDefaults = "defaults";
constexpr const char* kLayers = "layers";

/// In the order in which they resolve.
const std::vector<LayerKey>& layer_keys();
const std::vector<TopKey>& top_keys();

/// The key called `name`; throws ValueError with the nearest name if there is none.
const LayerKey& find_layer_key(const std::string& name);
const TopKey& find_top_key(const std::string& name);

}  // namespace cfc
