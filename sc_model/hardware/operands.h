#pragma once

#include <cstdint>

#include <systemc>

namespace cfc {

/// One tile of a dot product: `count` nodes and as many weights.
template <typename Node>
struct Tile {
  const Node* nodes{nullptr};
  const std::int8_t* weights{nullptr};
  int count{0};
};

/// Feeds a dot-product engine. Reading a tile is one access to the node memory and one to the
/// weight memory.
template <typename Node>
class TileSource : public virtual sc_core::sc_interface {
 public:
  virtual void read_tile(int operation, int tile, Tile<Node>& destination) = 0;
};

/// One tile of a row of V, for outputs `first` to `first + count - 1`.
struct RowTile {
  const std::int8_t* weights{nullptr};
  int first{0};
  int count{0};
};

/// Feeds V-MC. Reading a tile is one access to the V memory.
class RowSource : public virtual sc_core::sc_interface {
 public:
  virtual RowTile read_row_tile(int operation, int tile) = 0;
};

/// Takes the result of each operation of a dot-product engine.
class ResultSink : public virtual sc_core::sc_interface {
 public:
  virtual void take(int operation, std::int32_t sum) = 0;
};

/// Takes the finished sums of outputs `first` to `first + count - 1`.
class SumSink : public virtual sc_core::sc_interface {
 public:
  virtual void take(int first, const std::int32_t* sums, int count) = 0;
};

}  // namespace cfc
