#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/domain/filter.h"
#include "services/benchmark-store/repository/shapes/nearest.h"

namespace loadline::store {

/// The fields of a configuration, in its order.
inline constexpr std::size_t kAttributes = 6;
inline constexpr std::size_t kModelAttribute = 0;
inline constexpr std::size_t kHardwareAttribute = 2;

/// One number for each attribute of a configuration, or kAny.
using SliceKey = std::array<std::uint32_t, kAttributes>;
inline constexpr std::uint32_t kAny = 0;

struct SliceKeyHash {
  std::size_t operator()(const SliceKey& key) const;
};

/// Numbers the values that occur, attribute by attribute, from 1.
class AttributeNumbers {
 public:
  SliceKey Number(const domain::Configuration& configuration);
  /// What `filter` selects. Empty if one of its values does not occur.
  std::optional<SliceKey> Find(const domain::BenchmarkFilter& filter) const;
  /// The values of one attribute, sorted.
  std::vector<std::string> ValuesOf(std::size_t attribute) const;

 private:
  std::array<std::unordered_map<std::string, std::uint32_t>, kAttributes> numbers_;
};

/// Finds the nearest curve for any filter without looking at many.
///
/// A filter selects a slice: the configurations with the same values of some
/// attributes. A slice with many curves is broad, and has its own tree, which
/// holds for each shape the curve of the smallest configuration: no other can
/// be the answer. Every other slice is part of a narrow one, whose curves are
/// looked at one by one: narrow ones are kept where all slices that differ by
/// one attribute less are broad. Immutable.
class SliceIndex {
 public:
  SliceIndex() = default;
  /// `keys` and `first_curve` are by rank of the configuration; `first_curve`
  /// has one more element, the number of curves.
  SliceIndex(const std::vector<SliceKey>& keys, const std::vector<std::uint32_t>& first_curve,
             const std::vector<Curve>& curves);

  /// Offers every curve of slice `key` that may win. `keys` and `first_curve`
  /// are those that this was made with.
  void Search(const SliceKey& key, const std::vector<SliceKey>& keys, const std::vector<std::uint32_t>& first_curve,
              Nearest& nearest) const;

 private:
  using Ranks = std::vector<std::uint32_t>;
  class Builder;

  const Ranks* NarrowPart(const SliceKey& key) const;

  std::unordered_map<SliceKey, ShapeTree, SliceKeyHash> broad_;
  std::unordered_map<SliceKey, Ranks, SliceKeyHash> narrow_;
};

}  // namespace loadline::store
