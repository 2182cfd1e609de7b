#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace cfc {

/// The values of an option and their names on the command line, in the order in which help has
/// them.
template <typename Enum>
using Choices = std::vector<std::pair<std::string, Enum>>;

/// `value` must be one of the choices.
template <typename Enum>
const std::string& name_of(const Choices<Enum>& choices, Enum value) {
  const auto is_value = [&](const auto& choice) { return choice.second == value; };
  return std::find_if(choices.begin(), choices.end(), is_value)->first;
}

/// Adds an option that takes one of the choices; its default is what `value` is now.
template <typename Enum>
CLI::Option* add_choice(CLI::App& command, const std::string& option, Enum& value,
                        const Choices<Enum>& choices, const std::string& description) {
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices) names.push_back(name);
  const auto choose = [&value, choices](const std::string& name) {
    value = std::find_if(choices.begin(), choices.end(), [&](const auto& choice) {
              return choice.first == name;
            })->second;
  };
  return command.add_option_function<std::string>(option, choose, description)
      ->default_str(name_of(choices, value))
      ->check(CLI::IsMember(names));
}

}  // namespace cfc
