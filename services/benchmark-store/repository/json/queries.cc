#include "services/benchmark-store/repository/json/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace loadline::store::json {
namespace {

/// The row that `after` names, which is an id.
base::Result<std::uint32_t> RowNamed(const std::string& after, const Snapshot& snapshot) {
  const auto id = domain::BenchmarkId::Parse(after);
  const auto row = id ? snapshot.index->Find(snapshot.rows, *id) : std::nullopt;
  if (!row) return base::Fail(StrangePosition());
  return *row;
}

/// Where a scan over all rows starts.
struct Start {
  std::size_t rank = 0;
  std::size_t position = 0;
};

base::Result<Start> StartAfter(const std::string& after, const Snapshot& snapshot) {
  if (after.empty()) return Start{};
  LOADLINE_ASSIGN_OR_RETURN(const auto row, RowNamed(after, snapshot));
  return Start{snapshot.index->RankOf(snapshot.rows, row), snapshot.index->PositionOf(snapshot.rows, row) + 1};
}

/// Calls `visit(rank, curve)` for each curve that passes `filter`, in order
/// from `first_rank` on, until it returns false.
template <typename Visit>
void ForEachCurve(const Snapshot& snapshot, const domain::BenchmarkFilter& filter, std::size_t first_rank,
                  const Visit& visit) {
  const auto& index = *snapshot.index;
  const auto [first, last] = index.RanksOf(snapshot.rows, filter.model);
  for (auto rank = std::max(first, first_rank); rank < last; ++rank) {
    if (!filter.Matches(index.ConfigurationAt(snapshot.rows, rank))) continue;
    for (const auto& curve : index.CurvesOf(rank)) {
      if (filter.shape && *filter.shape != curve.shape) continue;
      if (!visit(rank, curve)) return;
    }
  }
}

/// One element more than a page holds tells that there is a next page.
template <typename T>
void Cut(Page<T>& page, int size, const std::function<std::string(const T&)>& name) {
  if (std::ssize(page.items) <= size) return;
  page.items.resize(static_cast<std::size_t>(size));
  page.next = name(page.items.back());
}

std::vector<std::uint32_t> RowsAt(const Snapshot& snapshot, const Curve& curve, domain::Revision revision) {
  std::vector<std::uint32_t> rows;
  for (const auto row : snapshot.index->RowsOf(curve)) {
    if (snapshot.rows[row].revision <= revision) rows.push_back(row);
  }
  return rows;
}

/// A summary as it grows, curve by curve.
struct Gathering {
  ConfigurationSummary summary;
  std::set<domain::Origin> origins;
  std::size_t rank = 0;

  void Add(const Snapshot& snapshot, const Curve& curve, const std::vector<std::uint32_t>& rows) {
    summary.benchmark_count += static_cast<int>(rows.size());
    summary.shapes.push_back(curve.shape);
    for (const auto row : rows) origins.insert(snapshot.rows.provenances[snapshot.rows[row].provenance].origin);
  }
  ConfigurationSummary Finish(const Snapshot& snapshot) {
    summary.configuration = snapshot.index->ConfigurationAt(snapshot.rows, rank);
    summary.origins.assign(origins.begin(), origins.end());
    return std::move(summary);
  }
};

base::Result<std::size_t> FirstRankAfter(const std::string& after, const Snapshot& snapshot) {
  if (after.empty()) return 0;
  LOADLINE_ASSIGN_OR_RETURN(const auto row, RowNamed(after, snapshot));
  return snapshot.index->RankOf(snapshot.rows, row) + 1;
}

/// The first `count` configurations from `first_rank` on that have matches.
std::vector<Gathering> Gather(const Snapshot& snapshot, const domain::BenchmarkFilter& filter, std::size_t first_rank,
                              domain::Revision revision, std::size_t count) {
  std::vector<Gathering> gatherings;
  ForEachCurve(snapshot, filter, first_rank, [&](std::size_t rank, const Curve& curve) {
    const auto rows = RowsAt(snapshot, curve, revision);
    if (rows.empty()) return true;
    if (gatherings.empty() || gatherings.back().rank != rank) {
      if (gatherings.size() == count) return false;
      gatherings.push_back({.summary = {}, .origins = {}, .rank = rank});
    }
    gatherings.back().Add(snapshot, curve, rows);
    return true;
  });
  return gatherings;
}

/// Among rows of one curve, ordered by rate and id: the one whose rate is
/// nearest to `rate`. Ties go to the lower rate, then the smaller id.
std::uint32_t NearestRate(const RowView& rows, std::span<const std::uint32_t> curve, std::optional<double> rate) {
  if (!rate) return curve.front();
  const auto first_from = [&](double least) {
    return std::partition_point(curve.begin(), curve.end(), [&](auto row) { return rows[row].rate() < least; });
  };
  const auto above = first_from(*rate);
  if (above == curve.begin()) return *above;
  const auto below = first_from(rows[*std::prev(above)].rate());
  const bool below_wins = above == curve.end() || *rate - rows[*below].rate() <= rows[*above].rate() - *rate;
  return below_wins ? *below : *above;
}

std::string NameOf(const QuarantinedRow& row) { return fmt::format("{} {}", row.revision, row.id.ToString()); }

/// Reads what `NameOf` wrote.
base::Result<std::pair<domain::Revision, domain::BenchmarkId>> ParseQuarantineName(const std::string& name) {
  const auto space = name.find(' ');
  const auto digits = name.substr(0, space);
  const bool numeric = !digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == digits.npos;
  if (space == name.npos || !numeric) return base::Fail(StrangePosition());
  const auto id = domain::BenchmarkId::Parse(name.substr(space + 1));
  if (!id) return base::Fail(StrangePosition());
  return std::pair(domain::Revision{std::stoll(digits)}, *id);
}

}  // namespace

base::Result<domain::Revision> RevisionFor(const PageRequest& page, const Snapshot& snapshot) {
  if (page.revision > snapshot.revision) return base::Fail(FutureRevision(page.revision, snapshot.revision));
  return page.revision == 0 ? snapshot.revision : page.revision;
}

base::Result<Page<domain::Benchmark>> ListBenchmarks(const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                                                     const PageRequest& page) {
  LOADLINE_ASSIGN_OR_RETURN(const auto revision, RevisionFor(page, snapshot));
  LOADLINE_ASSIGN_OR_RETURN(const auto start, StartAfter(page.after, snapshot));
  Page<domain::Benchmark> result = {.items = {}, .next = {}, .revision = revision};
  ForEachCurve(snapshot, filter, start.rank, [&](std::size_t, const Curve& curve) {
    auto position = Index::PositionOf(curve);
    for (const auto row : snapshot.index->RowsOf(curve)) {
      if (position++ < start.position || snapshot.rows[row].revision > revision) continue;
      result.items.push_back(snapshot.rows.Unpack(row));
      if (std::ssize(result.items) > page.size) return false;
    }
    return true;
  });
  Cut<domain::Benchmark>(result, page.size, [](const auto& last) { return last.id.ToString(); });
  return result;
}

base::Result<Page<ConfigurationSummary>> ListConfigurations(const Snapshot& snapshot,
                                                            const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page) {
  LOADLINE_ASSIGN_OR_RETURN(const auto revision, RevisionFor(page, snapshot));
  LOADLINE_ASSIGN_OR_RETURN(const auto first_rank, FirstRankAfter(page.after, snapshot));
  const auto size = static_cast<std::size_t>(page.size);
  auto gatherings = Gather(snapshot, filter, first_rank, revision, size + 1);
  Page<ConfigurationSummary> result = {.items = {}, .next = {}, .revision = revision};
  if (gatherings.size() > size) {
    gatherings.resize(size);
    // Any of its rows names a configuration.
    result.next = snapshot.rows[snapshot.index->RowsOf(gatherings.back().rank).front()].id.ToString();
  }
  for (auto& gathering : gatherings) result.items.push_back(gathering.Finish(snapshot));
  return result;
}

base::Result<Page<QuarantinedRow>> ListQuarantined(const Snapshot& snapshot, const PageRequest& page) {
  LOADLINE_ASSIGN_OR_RETURN(const auto revision, RevisionFor(page, snapshot));
  std::pair<domain::Revision, domain::BenchmarkId> after = {-1, {}};
  if (!page.after.empty()) {
    LOADLINE_ASSIGN_OR_RETURN(after, ParseQuarantineName(page.after));
  }
  Page<QuarantinedRow> result = {.items = {}, .next = {}, .revision = revision};
  const auto& rows = *snapshot.quarantine;
  auto next = std::partition_point(rows.begin(), rows.end(),
                                   [&](const auto& row) { return std::pair(row->revision, row->id) <= after; });
  for (; next != rows.end() && (*next)->revision <= revision; ++next) {
    result.items.push_back(**next);
    if (std::ssize(result.items) > page.size) break;
  }
  Cut<QuarantinedRow>(result, page.size, NameOf);
  return result;
}

base::Result<ClosestBenchmark> FindClosest(const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate) {
  const auto match = snapshot.index->FindNearest(filter, asked);
  if (!match) {
    return base::Fail(NoBenchmarkMatches(filter, snapshot.index->ModelNames(), snapshot.index->HardwareNames()));
  }
  const auto row = NearestRate(snapshot.rows, snapshot.index->RowsOf(*match->curve), rate);
  return ClosestBenchmark{
      .benchmark = snapshot.rows.Unpack(row), .distance = match->distance, .revision = snapshot.revision};
}

std::vector<domain::Model> ListModels(const Snapshot& snapshot) {
  std::vector<domain::Model> models;
  for (std::size_t rank = 0; rank < snapshot.index->configuration_count(); ++rank) {
    const auto& name = snapshot.index->ConfigurationAt(snapshot.rows, rank).model;
    if (models.empty() || models.back().name != name) models.push_back({.name = name});
    ++models.back().configuration_count;
    models.back().benchmark_count += static_cast<int>(snapshot.index->RowsOf(rank).size());
  }
  return models;
}

}  // namespace loadline::store::json
