#include "exchange/data/npy_file.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <regex>

#include <fmt/format.h>

#include "support/error.h"
#include "support/numbers.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;

constexpr Index kMostNumbers = Index{1} << 27;

[[noreturn]] void fail(const std::string& origin, const std::string& why) {
  throw InputError(fmt::format("{}: {}", origin, why));
}

template <typename Element>
std::vector<double> numbers_of(const char* bytes, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    Element element;
    std::memcpy(&element, bytes + i * sizeof element, sizeof element);
    values[i] = static_cast<double>(element);
  }
  return values;
}

struct ElementType {
  NumberKind kind;
  std::size_t bytes;
  std::vector<double> (*read)(const char* bytes, std::size_t count);
};

template <typename Element>
ElementType type_of(NumberKind kind) {
  return {kind, sizeof(Element), numbers_of<Element>};
}

/// By NumPy's name of it, without the byte order.
const std::map<std::string, ElementType>& element_types() {
  static const std::map<std::string, ElementType> types{
      {"b1", type_of<std::uint8_t>(NumberKind::u8)},
      {"u1", type_of<std::uint8_t>(NumberKind::u8)},
      {"i1", type_of<std::int8_t>(NumberKind::s8)},
      {"u2", type_of<std::uint16_t>(NumberKind::integer)},
      {"i2", type_of<std::int16_t>(NumberKind::integer)},
      {"u4", type_of<std::uint32_t>(NumberKind::integer)},
      {"i4", type_of<std::int32_t>(NumberKind::integer)},
      {"u8", type_of<std::uint64_t>(NumberKind::integer)},
      {"i8", type_of<std::int64_t>(NumberKind::integer)},
      {"f4", type_of<float>(NumberKind::real)},
      {"f8", type_of<double>(NumberKind::real)}};
  return types;
}

struct Header {
  std::string text;
  std::size_t end;  ///< where the numbers begin
};

Header header_of(const std::string& bytes, const std::string& origin) {
  constexpr std::size_t kMagic = 6, kVersion = 2;
  const bool is_npy =
      bytes.size() >= kMagic + kVersion + 4 && bytes.compare(0, 6, "\x93NUMPY") == 0;
  if (!is_npy) fail(origin, "is no .npy file of NumPy, or is truncated");
  const int version = static_cast<std::uint8_t>(bytes[kMagic]);
  if (version < 1 || version > 3) fail(origin, "is of an unknown version of the .npy format");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length |= std::size_t{static_cast<std::uint8_t>(bytes[kMagic + kVersion + i])} << (8 * i);
  }
  const std::size_t begin = kMagic + kVersion + length_bytes;
  constexpr std::size_t kLongest = 4096;
  if (length > kLongest) fail(origin, "has a header of more than 4 KiB");
  if (length > bytes.size() - begin) fail(origin, "is truncated in its header");
  return {bytes.substr(begin, length), begin + length};
}

/// The value of a key of the header, which is a Python dictionary; its order does not matter.
std::string field(const Header& header, const std::string& name, const std::string& value,
                  const std::string& origin) {
  std::smatch found;
  if (!std::regex_search(header.text, found, std::regex("'" + name + "' *: *" + value))) {
    fail(origin, fmt::format("has a header without a {} that cfcsim can read: {}", name,
                             printable(header.text)));
  }
  return found[1];
}

std::vector<Index> shape_of(const std::string& text, const std::string& origin) {
  std::vector<Index> shape;
  Index elements = 1;
  const std::regex number("[0-9]+");
  for (std::sregex_iterator i(text.begin(), text.end(), number), end; i != end; ++i) {
    try {
      shape.push_back(parse_integer<Index>(i->str(), 1, kMostNumbers / elements));
    } catch (const ValueError&) {
      fail(origin, fmt::format("has the shape ({}): it must hold 1 to {} numbers", printable(text),
                               kMostNumbers));
    }
    elements *= shape.back();
  }
  return shape;
}

const ElementType& type_named(const std::string& name, const std::string& origin) {
  const auto found = element_types().find(name.substr(1));
  const bool swapped = name.front() == '>' && name.back() != '1';
  if (found == element_types().end() || swapped) {
    fail(origin,
         fmt::format("holds elements of type '{}'; save integers, or floats of 32 or 64 bits, "
                     "little-endian (not objects)",
                     printable(name)));
  }
  return found->second;
}

}  // namespace

NumberTable parse_npy(const std::string& bytes, const std::string& origin) {
  const Header header = header_of(bytes, origin);
  const ElementType& type = type_named(field(header, "descr", "'([<>|=][^']+)'", origin), origin);
  if (field(header, "fortran_order", "(True|False)", origin) == "True") {
    fail(origin, "is in Fortran order; save it with numpy.ascontiguousarray");
  }
  NumberTable table{
      origin, type.kind, shape_of(field(header, "shape", "\\(([0-9, ]*)\\)", origin), origin), {}};
  std::size_t count = 1;
  for (const Index size : table.shape) count *= static_cast<std::size_t>(size);
  if (bytes.size() - header.end != count * type.bytes) {
    fail(origin, fmt::format("has {} bytes of numbers, where its shape needs {}",
                             bytes.size() - header.end, count * type.bytes));
  }
  table.values = type.read(bytes.data() + header.end, count);
  return table;
}

}  // namespace cfc::exchange
