#pragma once

#include <string>
#include <vector>

namespace cfc::testing {

/// A .npy file of NumPy, version 1: `descr` names the type ("<f4"), `shape` is as "2, 3".
inline std::string npy(const std::string& descr, const std::string& shape,
                       const std::string& numbers, const std::string& fortran = "False") {
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': (" + shape + "), }";
  header.resize(117, ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size());
  file += '\0';
  return file.append(header).append(numbers);
}

template <typename Element>
std::string bytes_of(const std::vector<Element>& elements) {
  return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(Element)};
}

}  // namespace cfc::testing
