#pragma once

#include <algorithm>

#include "golden/network.h"

namespace cfc::testing {

inline bool same_layer(const golden::Layer& a, const golden::Layer& b) {
  if (a.name != b.name || a.bias != b.bias || a.requantisation != b.requantisation) return false;
  const auto* x = std::get_if<golden::FactorisedWeights>(&a.weights);
  const auto* y = std::get_if<golden::FactorisedWeights>(&b.weights);
  if (x && y) {
    return x->u == y->u && x->v == y->v && x->u_bits == y->u_bits && x->v_bits == y->v_bits &&
           x->z_bits == y->z_bits && x->z_shift == y->z_shift;
  }
  if (x || y) return false;
  const auto& v = std::get<golden::DenseWeights>(a.weights);
  const auto& w = std::get<golden::DenseWeights>(b.weights);
  return v.w == w.w && v.w_bits == w.w_bits;
}

/// Whether two networks are the same in every field.
inline bool same_network(const golden::Network& a, const golden::Network& b) {
  return a.metadata == b.metadata &&
         std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(), same_layer);
}

}  // namespace cfc::testing
