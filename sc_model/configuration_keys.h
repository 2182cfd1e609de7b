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

const std::vector<LayerKey>& layer_keys();
const std::vector<TopKey>& top_keys();

/// The key called `name`; throws ValueError with the nearest names if there is none.
template <typename KeyType>
const KeyType& find_key(const std::vector<KeyType>& keys, const std::string& name);

/// "unknown key; did you mean ...?"
std::string unknown_key(const std::string& name, const std::vector<std::string>& known);

/// A decimal number and nothing else, `lo` to `hi`; throws ValueError.
int parse_integer(const std::string& text, int lo, int hi);

template <typename KeyType>
const KeyType& find_key(const std::vector<KeyType>& keys, const std::string& name) {
  std::vector<std::string> known;
  for (const KeyType& key : keys) {
    if (name == key.name) return key;
    known.emplace_back(key.name);
  }
  throw ValueError(unknown_key(name, known));
}

}  // namespace cfc
