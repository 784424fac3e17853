#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/domain/filter.h"
#include "services/benchmark-store/repository/shapes/nearest.h"
#include "services/benchmark-store/repository/shapes/slices.h"

namespace loadline::store::postgres {

/// A row of `configurations`, with what it refers to.
struct StoredConfiguration {
  std::int32_t id = 0;
  domain::Configuration configuration;
};

/// A row of `curves`.
struct StoredCurve {
  std::int32_t id = 0;
  std::int32_t configuration_id = 0;
  domain::TrafficShape shape;
  domain::Revision created = 0;
  /// The month in which all its benchmarks were measured, as 12 x year + month
  /// from 0; kUndated if none is dated, kSeveralMonths if that varies.
  std::int32_t month = 0;

  static constexpr std::int32_t kUndated = -1;
  static constexpr std::int32_t kSeveralMonths = -2;
};

/// All curves of the database, arranged to find the nearest. Immutable.
///
/// A configuration's rank is its place in the order of configurations; curves
/// are numbered in order of rank, then shape.
class CurveIndex {
 public:
  CurveIndex() = default;
  /// `changed` are the curves and `added` the configurations that `previous`
  /// does not have, or not as they are as of `curves_revision`.
  CurveIndex(const CurveIndex& previous, std::vector<StoredConfiguration> added, std::vector<StoredCurve> changed,
             domain::Revision curves_revision);

  /// It has every curve that was there when `curves` changed last, by the
  /// database's state; it may have later ones.
  domain::Revision curves_revision() const { return curves_revision_; }
  std::int32_t last_configuration_id() const { return last_configuration_id_; }

  struct Match {
    std::size_t curve = 0;
    double distance = 0;
  };
  std::optional<Match> FindNearest(const domain::BenchmarkFilter& filter, const domain::TrafficShape& asked) const;

  std::size_t size() const { return curves_.size(); }
  const StoredCurve& curve(std::size_t number) const { return curves_[number]; }
  /// Of the curve.
  const domain::Configuration& configuration(std::size_t number) const {
    return configurations_[places_[number].configuration].configuration;
  }
  std::uint32_t rank(std::size_t number) const { return places_[number].configuration; }
  /// The number of the curve with this id.
  std::optional<std::size_t> Find(std::int32_t curve_id) const;

  std::size_t configuration_count() const { return configurations_.size(); }
  const StoredConfiguration& ConfigurationAt(std::size_t rank) const { return configurations_[rank]; }
  /// The ranks that a filter on this model leaves, [first, last); all for "".
  std::pair<std::size_t, std::size_t> RanksOf(const std::string& model) const;
  /// The curves of the configuration, [first, last).
  std::pair<std::size_t, std::size_t> CurvesOf(std::size_t rank) const {
    return {first_curve_[rank], first_curve_[rank + 1]};
  }

  std::vector<std::string> ModelNames() const { return attributes_.ValuesOf(kModelAttribute); }
  std::vector<std::string> HardwareNames() const { return attributes_.ValuesOf(kHardwareAttribute); }

 private:
  void TakeConfigurations(const CurveIndex& previous, std::vector<StoredConfiguration> added);
  void TakeCurves(const CurveIndex& previous, std::vector<StoredCurve> changed);
  std::vector<std::uint32_t> RanksById() const;
  void Arrange();

  domain::Revision curves_revision_ = 0;
  std::int32_t last_configuration_id_ = 0;
  /// By rank.
  std::vector<StoredConfiguration> configurations_;
  /// By number.
  std::vector<StoredCurve> curves_;
  std::vector<Curve> places_;
  /// By curve id: the number, or kNone.
  std::vector<std::uint32_t> numbers_;
  /// By rank, and the number of curves as the last element.
  std::vector<std::uint32_t> first_curve_ = {0};
  AttributeNumbers attributes_;
  std::vector<SliceKey> slice_keys_;
  SliceIndex slices_;
};

}  // namespace loadline::store::postgres
