#include "services/benchmark-store/repository/json/index.h"

#include <algorithm>
#include <tuple>

namespace loadline::store::json {
namespace {

constexpr std::uint32_t kNoRank = UINT32_MAX;

/// What rows are sorted by, out of the rows' scattered memory.
struct SortKey {
  std::uint32_t rank = 0;
  std::uint32_t row = 0;
  domain::TrafficShape shape = {};
  double rate = 0;
};

class RowOrder {
 public:
  RowOrder(const RowView& rows, const std::vector<std::uint32_t>& ranks) : rows_(rows), ranks_(ranks) {}

  SortKey KeyOf(std::uint32_t row) const {
    const auto& packed = rows_[row];
    return {ranks_[packed.configuration], row, packed.shape, packed.rate()};
  }
  bool operator()(const SortKey& a, const SortKey& b) const {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.shape != b.shape) return a.shape < b.shape;
    if (a.rate != b.rate) return a.rate < b.rate;
    return rows_[a.row].id < rows_[b.row].id;
  }
  bool operator()(std::uint32_t a, std::uint32_t b) const { return (*this)(KeyOf(a), KeyOf(b)); }

 private:
  const RowView& rows_;
  const std::vector<std::uint32_t>& ranks_;
};

std::uint32_t Count(std::size_t size) { return static_cast<std::uint32_t>(size); }

template <typename Less>
std::vector<std::uint32_t> Merged(const std::vector<std::uint32_t>& old, const std::vector<std::uint32_t>& added,
                                  const Less& less) {
  std::vector<std::uint32_t> merged(old.size() + added.size());
  std::merge(old.begin(), old.end(), added.begin(), added.end(), merged.begin(), less);
  return merged;
}

std::vector<std::uint32_t> SortedRows(std::size_t first, std::size_t last, const RowOrder& order) {
  std::vector<SortKey> keys;
  keys.reserve(last - first);
  for (auto row = first; row != last; ++row) keys.push_back(order.KeyOf(Count(row)));
  std::sort(keys.begin(), keys.end(), order);
  std::vector<std::uint32_t> rows;
  rows.reserve(keys.size());
  for (const auto& key : keys) rows.push_back(key.row);
  return rows;
}

}  // namespace

Index::Index(const RowView& rows, const Index& previous) {
  MergeConfigurations(rows, previous);
  MergeRows(rows, previous);
  MergeIds(rows, previous);
  DrawCurves(rows);
  NumberAttributes(rows);
  slices_ = SliceIndex(slice_keys_, first_curve_, curves_);
}

void Index::MergeConfigurations(const RowView& rows, const Index& previous) {
  ranks_ = previous.ranks_;
  ranks_.resize(rows.configurations.size(), kNoRank);
  std::vector<std::uint32_t> added;
  for (auto row = previous.rows_.size(); row != rows.size(); ++row) {
    const auto number = rows[row].configuration;
    if (ranks_[number] == kNoRank) added.push_back(number);
    ranks_[number] = 0;
  }
  const auto less = [&](auto a, auto b) { return rows.configurations[a] < rows.configurations[b]; };
  std::sort(added.begin(), added.end(), less);
  configurations_ = Merged(previous.configurations_, added, less);
  for (std::size_t rank = 0; rank != configurations_.size(); ++rank) ranks_[configurations_[rank]] = Count(rank);
}

void Index::MergeRows(const RowView& rows, const Index& previous) {
  const RowOrder order(rows, ranks_);
  rows_ = Merged(previous.rows_, SortedRows(previous.rows_.size(), rows.size(), order), order);
}

void Index::MergeIds(const RowView& rows, const Index& previous) {
  std::vector<std::pair<domain::BenchmarkId, std::uint32_t>> ids;
  for (auto row = previous.by_id_.size(); row != rows.size(); ++row) ids.emplace_back(rows[row].id, Count(row));
  std::sort(ids.begin(), ids.end());
  std::vector<std::uint32_t> added;
  added.reserve(ids.size());
  for (const auto& [id, row] : ids) added.push_back(row);
  by_id_ = Merged(previous.by_id_, added, [&](auto a, auto b) { return rows[a].id < rows[b].id; });
}

void Index::DrawCurves(const RowView& rows) {
  first_curve_.clear();
  for (std::size_t position = 0; position != rows_.size(); ++position) {
    const auto& row = rows[rows_[position]];
    const auto rank = ranks_[row.configuration];
    const bool starts = curves_.empty() || curves_.back().configuration != rank || curves_.back().shape != row.shape;
    if (!starts) continue;
    if (first_curve_.size() == rank) first_curve_.push_back(Count(curves_.size()));
    curves_.push_back({.shape = row.shape, .configuration = rank, .first_row = Count(position)});
  }
  first_curve_.push_back(Count(curves_.size()));
  curves_.shrink_to_fit();
}

void Index::NumberAttributes(const RowView& rows) {
  slice_keys_.reserve(configurations_.size());
  for (const auto number : configurations_) slice_keys_.push_back(attributes_.Number(rows.configurations[number]));
}

std::pair<std::size_t, std::size_t> Index::RanksOf(const RowView& rows, const std::string& model) const {
  if (model.empty()) return {0, configurations_.size()};
  const auto first = std::partition_point(configurations_.begin(), configurations_.end(),
                                          [&](auto number) { return rows.configurations[number].model < model; });
  const auto last = std::partition_point(first, configurations_.end(),
                                         [&](auto number) { return rows.configurations[number].model == model; });
  return {first - configurations_.begin(), last - configurations_.begin()};
}

std::span<const Curve> Index::CurvesOf(std::size_t rank) const {
  return std::span(curves_).subspan(first_curve_[rank], first_curve_[rank + 1] - first_curve_[rank]);
}

std::span<const std::uint32_t> Index::RowsOf(const Curve& curve) const {
  const auto next = static_cast<std::size_t>(&curve - curves_.data()) + 1;
  const auto last = next == curves_.size() ? rows_.size() : curves_[next].first_row;
  return std::span(rows_).subspan(curve.first_row, last - curve.first_row);
}

std::span<const std::uint32_t> Index::RowsOf(std::size_t rank) const {
  const auto first = CurvesOf(rank).front().first_row;
  const auto last = rank + 1 == configurations_.size() ? rows_.size() : CurvesOf(rank + 1).front().first_row;
  return std::span(rows_).subspan(first, last - first);
}

std::optional<std::uint32_t> Index::Find(const RowView& rows, const domain::BenchmarkId& id) const {
  const auto found = std::partition_point(by_id_.begin(), by_id_.end(), [&](auto row) { return rows[row].id < id; });
  if (found == by_id_.end() || rows[*found].id != id) return std::nullopt;
  return *found;
}

std::size_t Index::RankOf(const RowView& rows, std::uint32_t row) const { return ranks_[rows[row].configuration]; }

std::size_t Index::PositionOf(const RowView& rows, std::uint32_t row) const {
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), row, RowOrder(rows, ranks_));
  return static_cast<std::size_t>(found - rows_.begin());
}

std::optional<Index::Match> Index::FindNearest(const domain::BenchmarkFilter& filter,
                                               const domain::TrafficShape& asked) const {
  const auto key = attributes_.Find(filter);
  if (!key) return std::nullopt;
  Nearest nearest(asked, curves_);
  slices_.Search(*key, slice_keys_, first_curve_, nearest);
  if (nearest.curve() == Nearest::kNone) return std::nullopt;
  return Match{.curve = &curves_[nearest.curve()], .distance = nearest.distance()};
}

}  // namespace loadline::store::json
