#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "services/benchmark-store/repository/json/row_table.h"
#include "services/benchmark-store/repository/shapes/nearest.h"
#include "services/benchmark-store/repository/shapes/slices.h"

namespace loadline::store::json {

/// Ways into the rows of a view. Immutable.
///
/// A configuration's *rank* is its place among all configurations; a row's
/// *position* its place in the order of (configuration, shape, rate, id).
class Index {
 public:
  Index() = default;
  /// Indexes `rows`, of which `previous` indexes the first. Costs far less
  /// than from nothing where few rows are new.
  Index(const RowView& rows, const Index& previous);

  std::size_t configuration_count() const { return configurations_.size(); }
  const domain::Configuration& ConfigurationAt(const RowView& rows, std::size_t rank) const {
    return rows.configurations[configurations_[rank]];
  }
  /// The ranks that a filter on this model leaves, [first, last); all for "".
  std::pair<std::size_t, std::size_t> RanksOf(const RowView& rows, const std::string& model) const;

  std::span<const Curve> CurvesOf(std::size_t rank) const;
  /// `curve` must be an element of this index.
  std::span<const std::uint32_t> RowsOf(const Curve& curve) const;
  /// All rows of one configuration, in order.
  std::span<const std::uint32_t> RowsOf(std::size_t rank) const;

  std::optional<std::uint32_t> Find(const RowView& rows, const domain::BenchmarkId& id) const;
  std::size_t RankOf(const RowView& rows, std::uint32_t row) const;
  std::size_t PositionOf(const RowView& rows, std::uint32_t row) const;
  /// The position of the first row of `curve`.
  static std::size_t PositionOf(const Curve& curve) { return curve.first_row; }

  /// The names that occur, sorted.
  std::vector<std::string> ModelNames() const { return attributes_.ValuesOf(kModelAttribute); }
  std::vector<std::string> HardwareNames() const { return attributes_.ValuesOf(kHardwareAttribute); }

  /// The nearest curve that passes `filter`, and its distance.
  struct Match {
    const Curve* curve = nullptr;
    double distance = 0;
  };
  std::optional<Match> FindNearest(const domain::BenchmarkFilter& filter, const domain::TrafficShape& asked) const;

 private:
  void MergeConfigurations(const RowView& rows, const Index& previous);
  void MergeRows(const RowView& rows, const Index& previous);
  void MergeIds(const RowView& rows, const Index& previous);
  void DrawCurves(const RowView& rows);
  void NumberAttributes(const RowView& rows);

  /// By rank: the configuration's number.
  std::vector<std::uint32_t> configurations_;
  /// By the configuration's number: its rank, or kNoRank if it has no rows.
  std::vector<std::uint32_t> ranks_;
  /// By position.
  std::vector<std::uint32_t> rows_;
  /// Rows in order of id.
  std::vector<std::uint32_t> by_id_;
  std::vector<Curve> curves_;
  /// By rank, and the number of curves as the last element.
  std::vector<std::uint32_t> first_curve_ = {0};
  AttributeNumbers attributes_;
  std::vector<SliceKey> slice_keys_;
  SliceIndex slices_;
};

}  // namespace loadline::store::json
