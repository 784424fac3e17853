#include "services/benchmark-store/repository/postgres/curve_index.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace loadline::store::postgres {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

std::uint32_t Count(std::size_t size) { return static_cast<std::uint32_t>(size); }

bool ByConfiguration(const StoredConfiguration& a, const StoredConfiguration& b) {
  return a.configuration < b.configuration;
}

}  // namespace

CurveIndex::CurveIndex(const CurveIndex& previous, std::vector<StoredConfiguration> added,
                       std::vector<StoredCurve> changed, domain::Revision curves_revision)
    : curves_revision_(curves_revision) {
  TakeConfigurations(previous, std::move(added));
  TakeCurves(previous, std::move(changed));
  Arrange();
}

void CurveIndex::TakeConfigurations(const CurveIndex& previous, std::vector<StoredConfiguration> added) {
  last_configuration_id_ = previous.last_configuration_id_;
  for (const auto& each : added) last_configuration_id_ = std::max(last_configuration_id_, each.id);
  std::sort(added.begin(), added.end(), ByConfiguration);
  configurations_.reserve(previous.configurations_.size() + added.size());
  std::merge(previous.configurations_.begin(), previous.configurations_.end(), added.begin(), added.end(),
             std::back_inserter(configurations_), ByConfiguration);
}

void CurveIndex::TakeCurves(const CurveIndex& previous, std::vector<StoredCurve> changed) {
  curves_ = std::move(changed);
  std::vector<bool> is_changed;
  for (const auto& curve : curves_) {
    const auto id = static_cast<std::size_t>(curve.id);
    if (is_changed.size() <= id) is_changed.resize(id + 1);
    is_changed[id] = true;
  }
  for (const auto& curve : previous.curves_) {
    const auto id = static_cast<std::size_t>(curve.id);
    if (id >= is_changed.size() || !is_changed[id]) curves_.push_back(curve);
  }
}

std::vector<std::uint32_t> CurveIndex::RanksById() const {
  std::vector<std::uint32_t> ranks(static_cast<std::size_t>(last_configuration_id_) + 1, kNone);
  for (std::size_t rank = 0; rank < configurations_.size(); ++rank) {
    ranks[static_cast<std::size_t>(configurations_[rank].id)] = Count(rank);
  }
  return ranks;
}

void CurveIndex::Arrange() {
  const auto ranks = RanksById();
  const auto rank_of = [&](const StoredCurve& curve) {
    return ranks[static_cast<std::size_t>(curve.configuration_id)];
  };
  const auto key = [&](const StoredCurve& curve) { return std::tuple(rank_of(curve), curve.shape); };
  std::sort(curves_.begin(), curves_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  first_curve_.assign(configurations_.size() + 1, 0);
  places_.reserve(curves_.size());
  for (std::size_t number = 0; number < curves_.size(); ++number) {
    const auto& curve = curves_[number];
    const auto rank = rank_of(curve);
    ++first_curve_[rank + 1];
    places_.push_back({.shape = curve.shape, .configuration = rank, .first_row = 0});
    const auto id = static_cast<std::size_t>(curve.id);
    if (numbers_.size() <= id) numbers_.resize(id + 1, kNone);
    numbers_[id] = Count(number);
  }
  for (std::size_t rank = 0; rank < configurations_.size(); ++rank) first_curve_[rank + 1] += first_curve_[rank];
  for (const auto& each : configurations_) slice_keys_.push_back(attributes_.Number(each.configuration));
  slices_ = SliceIndex(slice_keys_, first_curve_, places_);
}

std::optional<std::size_t> CurveIndex::Find(std::int32_t curve_id) const {
  const auto id = static_cast<std::size_t>(curve_id);
  if (curve_id < 0 || id >= numbers_.size() || numbers_[id] == kNone) return std::nullopt;
  return numbers_[id];
}

std::pair<std::size_t, std::size_t> CurveIndex::RanksOf(const std::string& model) const {
  if (model.empty()) return {0, configurations_.size()};
  const auto first = std::partition_point(configurations_.begin(), configurations_.end(),
                                          [&](const auto& each) { return each.configuration.model < model; });
  const auto last = std::partition_point(first, configurations_.end(),
                                         [&](const auto& each) { return each.configuration.model == model; });
  return {first - configurations_.begin(), last - configurations_.begin()};
}

std::optional<CurveIndex::Match> CurveIndex::FindNearest(const domain::BenchmarkFilter& filter,
                                                         const domain::TrafficShape& asked) const {
  const auto key = attributes_.Find(filter);
  if (!key) return std::nullopt;
  Nearest nearest(asked, places_);
  slices_.Search(*key, slice_keys_, first_curve_, nearest);
  if (nearest.curve() == Nearest::kNone) return std::nullopt;
  return Match{.curve = nearest.curve(), .distance = nearest.distance()};
}

}  // namespace loadline::store::postgres
