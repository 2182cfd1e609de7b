#pragma once

#include <cstddef>
#include <cstdint>

#include <systemc>

namespace cfc {

/// Feeds a dot-product engine with nodes: the layer's input, or z. Every call is one access.
template <typename Node>
class NodeSource : public virtual sc_core::sc_interface {
 public:
  /// The word of `count` nodes from `first`.
  virtual const Node* read_nodes(std::size_t first, std::size_t count) = 0;
};

/// Takes the result of operation k of a dot-product engine.
class ResultSink : public virtual sc_core::sc_interface {
 public:
  virtual void take(int k, std::int32_t sum) = 0;
};

/// Takes the finished sums of outputs `first` to `first + count - 1`.
class SumSink : public virtual sc_core::sc_interface {
 public:
  virtual void take(int first, const std::int32_t* sums, int count) = 0;
};

/// The part of a vector that one tile holds; the last tile may be short.
struct TileExtent {
  TileExtent(int depth, int lanes, int tile)
      : first(static_cast<std::size_t>(tile) * static_cast<std::size_t>(lanes)),
        count(static_cast<std::size_t>(depth) - first < static_cast<std::size_t>(lanes)
                  ? static_cast<std::size_t>(depth) - first
                  : static_cast<std::size_t>(lanes)) {}
  std::size_t first;
  std::size_t count;
};

}  // namespace cfc
