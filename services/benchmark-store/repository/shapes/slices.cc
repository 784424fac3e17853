#include "services/benchmark-store/repository/shapes/slices.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

namespace loadline::store {
namespace {

// Looking at this many curves one by one takes a few microseconds.
constexpr std::size_t kNarrow = 2048;

/// Which attributes are fixed, a bit each.
using Mask = unsigned;
constexpr Mask kAllMasks = 1U << kAttributes;

SliceKey Project(const SliceKey& key, Mask mask) {
  SliceKey projected = {};
  for (std::size_t i = 0; i < kAttributes; ++i) projected[i] = (mask >> i & 1U) != 0 ? key[i] : kAny;
  return projected;
}

Mask MaskOf(const SliceKey& key) {
  Mask mask = 0;
  for (std::size_t i = 0; i < kAttributes; ++i) mask |= key[i] == kAny ? 0U : 1U << i;
  return mask;
}

bool Includes(const SliceKey& slice, const SliceKey& configuration) {
  for (std::size_t i = 0; i < kAttributes; ++i) {
    if (slice[i] != kAny && slice[i] != configuration[i]) return false;
  }
  return true;
}

/// All masks, those with fewer attributes first.
std::array<Mask, kAllMasks> MasksBySize() {
  std::array<Mask, kAllMasks> masks = {};
  std::iota(masks.begin(), masks.end(), 0U);
  std::stable_sort(masks.begin(), masks.end(), [](Mask a, Mask b) { return std::popcount(a) < std::popcount(b); });
  return masks;
}

/// A number for each curve that is the same for the same shape.
std::vector<std::uint32_t> NumberShapes(const std::vector<Curve>& curves) {
  std::map<domain::TrafficShape, std::uint32_t> numbers;
  std::vector<std::uint32_t> result;
  result.reserve(curves.size());
  for (const auto& curve : curves) {
    result.push_back(numbers.try_emplace(curve.shape, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return result;
}

std::array<std::string, kAttributes> Texts(const domain::Configuration& c) {
  return {c.model, c.precision, c.hardware, std::to_string(c.hardware_count), c.framework, c.framework_version};
}

std::array<std::string, kAttributes> Texts(const domain::BenchmarkFilter& f) {
  const auto count = f.hardware_count ? std::to_string(*f.hardware_count) : "";
  return {f.model, f.precision, f.hardware, count, f.framework, f.framework_version};
}

}  // namespace

std::size_t SliceKeyHash::operator()(const SliceKey& key) const {
  std::uint64_t hash = 0;
  for (const auto part : key) hash = (hash ^ part) * 0x9e3779b97f4a7c15 + (hash >> 29);
  return hash ^ hash >> 32;
}

SliceKey AttributeNumbers::Number(const domain::Configuration& configuration) {
  SliceKey key = {};
  const auto texts = Texts(configuration);
  for (std::size_t i = 0; i < kAttributes; ++i) {
    const auto next = static_cast<std::uint32_t>(numbers_[i].size() + 1);
    key[i] = numbers_[i].try_emplace(texts[i], next).first->second;
  }
  return key;
}

std::optional<SliceKey> AttributeNumbers::Find(const domain::BenchmarkFilter& filter) const {
  SliceKey key = {};
  const auto texts = Texts(filter);
  for (std::size_t i = 0; i < kAttributes; ++i) {
    if (texts[i].empty()) continue;
    const auto found = numbers_[i].find(texts[i]);
    if (found == numbers_[i].end()) return std::nullopt;
    key[i] = found->second;
  }
  return key;
}

std::vector<std::string> AttributeNumbers::ValuesOf(std::size_t attribute) const {
  std::vector<std::string> values;
  values.reserve(numbers_[attribute].size());
  for (const auto& [value, number] : numbers_[attribute]) values.push_back(value);
  std::sort(values.begin(), values.end());
  return values;
}

/// Fills an index, one set of attributes after the other.
class SliceIndex::Builder {
 public:
  Builder(const std::vector<SliceKey>& keys, const std::vector<std::uint32_t>& first_curve,
          const std::vector<Curve>& curves, SliceIndex& index)
      : keys_(keys),
        first_curve_(first_curve),
        curves_(curves),
        index_(index),
        shapes_(NumberShapes(curves)),
        seen_(shapes_.size(), 0),
        broad_masks_(keys.size(), 0) {}

  void Add(Mask mask) {
    std::unordered_map<SliceKey, Slice, SliceKeyHash> slices;
    for (std::uint32_t rank = 0; rank < keys_.size(); ++rank) {
      if (!IsPartOfBroadOnes(rank, mask)) continue;
      auto& slice = slices[Project(keys_[rank], mask)];
      slice.ranks.push_back(rank);
      slice.curve_count += first_curve_[rank + 1] - first_curve_[rank];
    }
    for (auto& [key, slice] : slices) Keep(key, mask, std::move(slice));
  }

 private:
  struct Slice {
    Ranks ranks;
    std::size_t curve_count = 0;
  };

  bool IsPartOfBroadOnes(std::uint32_t rank, Mask mask) const {
    for (Mask bit = 1; bit < kAllMasks; bit <<= 1) {
      if ((mask & bit) != 0 && (broad_masks_[rank] >> (mask ^ bit) & 1U) == 0) return false;
    }
    return true;
  }

  void Keep(const SliceKey& key, Mask mask, Slice slice) {
    if (slice.curve_count <= kNarrow) {
      slice.ranks.shrink_to_fit();
      index_.narrow_.emplace(key, std::move(slice.ranks));
      return;
    }
    for (const auto rank : slice.ranks) broad_masks_[rank] |= std::uint64_t{1} << mask;
    index_.broad_.emplace(key, ShapeTree(FirstOfEachShape(slice.ranks), curves_));
  }

  std::vector<std::uint32_t> FirstOfEachShape(const Ranks& ranks) {
    ++pass_;
    std::vector<std::uint32_t> firsts;
    for (const auto rank : ranks) {
      for (auto curve = first_curve_[rank]; curve != first_curve_[rank + 1]; ++curve) {
        if (std::exchange(seen_[shapes_[curve]], pass_) != pass_) firsts.push_back(curve);
      }
    }
    return firsts;
  }

  const std::vector<SliceKey>& keys_;
  const std::vector<std::uint32_t>& first_curve_;
  const std::vector<Curve>& curves_;
  SliceIndex& index_;
  const std::vector<std::uint32_t> shapes_;
  /// By shape: the last pass that met it.
  std::vector<std::uint32_t> seen_;
  std::uint32_t pass_ = 0;
  /// By rank: a bit for each mask whose slice is broad.
  std::vector<std::uint64_t> broad_masks_;
};

SliceIndex::SliceIndex(const std::vector<SliceKey>& keys, const std::vector<std::uint32_t>& first_curve,
                       const std::vector<Curve>& curves) {
  Builder builder(keys, first_curve, curves, *this);
  for (const auto mask : MasksBySize()) builder.Add(mask);
}

const SliceIndex::Ranks* SliceIndex::NarrowPart(const SliceKey& key) const {
  const Mask whole = MaskOf(key);
  for (Mask part = 0; part <= whole; ++part) {
    if ((part & ~whole) != 0) continue;
    const auto found = narrow_.find(Project(key, part));
    if (found != narrow_.end()) return &found->second;
  }
  return nullptr;
}

void SliceIndex::Search(const SliceKey& key, const std::vector<SliceKey>& keys,
                        const std::vector<std::uint32_t>& first_curve, Nearest& nearest) const {
  if (const auto broad = broad_.find(key); broad != broad_.end()) return broad->second.Search(nearest);
  const auto* ranks = NarrowPart(key);
  if (ranks == nullptr) return;
  for (const auto rank : *ranks) {
    if (!Includes(key, keys[rank])) continue;
    for (auto curve = first_curve[rank]; curve != first_curve[rank + 1]; ++curve) nearest.Offer(curve);
  }
}

}  // namespace loadline::store
