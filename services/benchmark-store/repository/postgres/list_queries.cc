#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>
#include <set>

#include "services/benchmark-store/repository/postgres/benchmark_row.h"
#include "services/benchmark-store/repository/postgres/queries.h"

namespace loadline::store::postgres {
namespace {

// Curves are asked for a few more at a time than should be needed.
constexpr std::size_t kSpareCurves = 8;

const Statement& ListRows() {
  static const Statement statement = {
      .name = "list_rows",
      .sql = fmt::format("SELECT {} FROM unnest($1::int4[]) WITH ORDINALITY AS c (id, place) "
                         "JOIN benchmark_results b ON b.curve_id = c.id "
                         "JOIN provenances p ON p.id = b.provenance_id "
                         "WHERE b.revision <= $2 AND (b.curve_id <> $3 OR (b.responses_per_second, b.id) > ($4, $5)) "
                         "ORDER BY c.place, b.responses_per_second, b.id LIMIT $6",
                         BenchmarkColumns())};
  return statement;
}

const Statement kCountRows = {.name = "count_rows",
                              .sql =
                                  "SELECT b.curve_id, count(*), array_agg(DISTINCT p.origin) FROM benchmark_results b "
                                  "JOIN provenances p ON p.id = b.provenance_id "
                                  "WHERE b.curve_id = ANY($1::int4[]) AND b.revision <= $2 GROUP BY b.curve_id"};

const Statement& GetRow() {
  static const Statement statement = {
      .name = "get_row",
      .sql = fmt::format("SELECT {} FROM benchmark_results b JOIN provenances p ON p.id = b.provenance_id "
                         "WHERE b.id = $1",
                         BenchmarkColumns())};
  return statement;
}

/// A row's place in the order of all, as pages name it.
struct Position {
  std::int32_t curve_id = 0;
  double rate = 0;
  std::string id = {};
};

std::string NameOf(const BenchmarkRow& row) {
  return fmt::format("{} {:x} {}", row.curve_id(), std::bit_cast<std::uint64_t>(row.rate()), row.id().ToString());
}

template <typename T>
bool ParseWhole(std::string_view text, T& value, int base) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && stop == text.data() + text.size();
}

/// Reads what `NameOf` wrote.
base::Result<Position> ParsePosition(const std::string& name) {
  const auto first = name.find(' ');
  const auto second = name.find(' ', first + 1);
  Position position;
  std::uint64_t bits = 0;
  if (first == name.npos || second == name.npos ||
      !ParseWhole(std::string_view(name).substr(0, first), position.curve_id, 10) ||
      !ParseWhole(std::string_view(name).substr(first + 1, second - first - 1), bits, 16)) {
    return base::Fail(StrangePosition());
  }
  const auto id = domain::BenchmarkId::Parse(name.substr(second + 1));
  if (!id) return base::Fail(StrangePosition());
  position.rate = std::bit_cast<double>(bits);
  position.id = BytesOf(*id);
  return position;
}

/// The curves that pass a filter, as of a revision, in order.
class CurveCursor {
 public:
  CurveCursor(const CurveIndex& curves, const domain::BenchmarkFilter& filter, domain::Revision revision)
      : curves_(curves), filter_(filter), revision_(revision) {
    std::tie(rank_, last_rank_) = curves.RanksOf(filter.model);
    next_ = rank_ < last_rank_ ? curves.CurvesOf(rank_).first : 0;
  }

  /// Goes on from curve `number`, or from the first of configuration `rank`.
  void SkipTo(std::size_t number) {
    next_ = number;
    rank_ = std::max<std::size_t>(rank_, curves_.rank(number));
  }
  void SkipToRank(std::size_t rank) {
    if (rank <= rank_) return;
    rank_ = rank;
    next_ = rank < last_rank_ ? curves_.CurvesOf(rank).first : 0;
  }

  /// The next one's number.
  std::optional<std::size_t> Next() {
    for (; rank_ < last_rank_; ++rank_) {
      const auto [first, last] = curves_.CurvesOf(rank_);
      next_ = std::max(next_, first);
      if (!filter_.Matches(curves_.ConfigurationAt(rank_).configuration)) continue;
      for (; next_ < last; ++next_) {
        if (Passes(curves_.curve(next_))) return next_++;
      }
    }
    return std::nullopt;
  }

 private:
  bool Passes(const StoredCurve& curve) const {
    return curve.created <= revision_ && (!filter_.shape || *filter_.shape == curve.shape);
  }

  const CurveIndex& curves_;
  const domain::BenchmarkFilter& filter_;
  const domain::Revision revision_;
  std::size_t rank_ = 0;
  std::size_t last_rank_ = 0;
  std::size_t next_ = 0;
};

/// How many curves should have `rows` rows.
std::size_t CurvesFor(std::size_t rows, const CurveIndex& curves, const StoreState& state) {
  const auto total = static_cast<std::size_t>(std::max<std::int64_t>(state.benchmark_count, 1));
  return rows * curves.size() / total + kSpareCurves;
}

std::vector<std::int32_t> Take(CurveCursor& cursor, const CurveIndex& curves, std::size_t count) {
  std::vector<std::int32_t> ids;
  while (ids.size() < count) {
    const auto number = cursor.Next();
    if (!number) break;
    ids.push_back(curves.curve(*number).id);
  }
  return ids;
}

/// One listing's pages of rows.
struct RowLister {
  const Pin& pin;
  const CurveIndex& curves;
  const CallScope& scope;

  base::Result<Rows> Fetch(const std::vector<std::int32_t>& ids, const Position& after, std::size_t limit) const {
    Parameters parameters;
    parameters.Integers(ids).BigInteger(pin.revision).Integer(after.curve_id).Double(after.rate).Bytes(after.id);
    parameters.BigInteger(static_cast<std::int64_t>(limit));
    return RunRepeatable(*pin.pool, scope,
                         [&](Connection& connection) { return connection.Run(ListRows(), parameters, scope); });
  }

  base::Result<domain::Benchmark> Read(const BenchmarkRow& row) const {
    const auto number = curves.Find(row.curve_id());
    if (!number) return base::Fail(base::Internal("a benchmark's curve is not known"));
    return row.Read(curves.configuration(*number), curves.curve(*number).shape);
  }

  /// Appends rows until the page is full; then names its last.
  base::Status Fill(CurveCursor& cursor, const Position& after, std::size_t size, Page<domain::Benchmark>& page) const {
    while (true) {
      const auto wanted = size + 1 - page.items.size();
      const auto ids = Take(cursor, curves, CurvesFor(wanted, curves, pin.state));
      if (ids.empty()) return {};
      LOADLINE_ASSIGN_OR_RETURN(const auto rows, Fetch(ids, after, wanted));
      for (int row = 0; row < rows.size(); ++row) {
        if (page.items.size() == size) return {};
        LOADLINE_ASSIGN_OR_RETURN(auto benchmark, Read({rows, row}));
        page.items.push_back(std::move(benchmark));
        if (page.items.size() == size && row + 1 < rows.size()) page.next = NameOf({rows, row});
      }
      if (page.items.size() == size) return NameLastIfMore(cursor, rows, page);
    }
  }

  /// The page ended with the rows of these curves: there is a next one only if
  /// a later curve has rows.
  base::Status NameLastIfMore(CurveCursor& cursor, const Rows& rows, Page<domain::Benchmark>& page) const {
    if (!page.next.empty()) return {};
    while (true) {
      const auto ids = Take(cursor, curves, kSpareCurves);
      if (ids.empty()) return {};
      LOADLINE_ASSIGN_OR_RETURN(const auto more, Fetch(ids, {}, 1));
      if (more.empty()) continue;
      page.next = NameOf({rows, rows.size() - 1});
      return {};
    }
  }
};

/// What was counted of a curve.
struct CurveCount {
  std::int64_t rows = 0;
  std::set<domain::Origin> origins;
};

base::Result<std::map<std::int32_t, CurveCount>> CountRows(const Pin& pin, const std::vector<std::int32_t>& ids,
                                                           const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, RunRepeatable(*pin.pool, scope, [&](Connection& connection) {
                              return connection.Run(kCountRows, Parameters().Integers(ids).BigInteger(pin.revision),
                                                    scope);
                            }));
  std::map<std::int32_t, CurveCount> counts;
  for (int row = 0; row < rows.size(); ++row) {
    auto& count = counts[rows.Integer(row, 0)];
    count.rows = rows.BigInteger(row, 1);
    for (const auto& name : rows.Texts(row, 2)) {
      if (const auto origin = domain::ParseOrigin(name)) count.origins.insert(*origin);
    }
  }
  return counts;
}

/// Curve numbers of up to `count` configurations, in order.
std::vector<std::vector<std::size_t>> NextConfigurations(CurveCursor& cursor, const CurveIndex& curves,
                                                         std::size_t count) {
  std::vector<std::vector<std::size_t>> groups;
  while (const auto number = cursor.Next()) {
    if (groups.empty() || curves.rank(groups.back().front()) != curves.rank(*number)) {
      if (groups.size() == count) break;
      groups.emplace_back();
    }
    groups.back().push_back(*number);
  }
  return groups;
}

ConfigurationSummary Summarise(const CurveIndex& curves, const std::vector<std::size_t>& numbers,
                               const std::map<std::int32_t, CurveCount>& counts) {
  ConfigurationSummary summary = {
      .configuration = curves.configuration(numbers.front()), .benchmark_count = 0, .shapes = {}, .origins = {}};
  std::set<domain::Origin> origins;
  for (const auto number : numbers) {
    const auto found = counts.find(curves.curve(number).id);
    if (found == counts.end()) continue;
    summary.benchmark_count += static_cast<int>(found->second.rows);
    summary.shapes.push_back(curves.curve(number).shape);
    origins.insert(found->second.origins.begin(), found->second.origins.end());
  }
  summary.origins.assign(origins.begin(), origins.end());
  return summary;
}

/// The rank after that of the configuration that `after` names by its id.
base::Result<std::size_t> RankAfter(const CurveIndex& curves, const std::string& after) {
  std::int32_t id = 0;
  if (!ParseWhole(std::string_view(after), id, 10)) return base::Fail(StrangePosition());
  for (std::size_t rank = 0; rank < curves.configuration_count(); ++rank) {
    if (curves.ConfigurationAt(rank).id == id) return rank + 1;
  }
  return base::Fail(StrangePosition());
}

}  // namespace

base::Result<Pin> PinRevision(PostgresStore& store, domain::Revision revision, const CallScope& scope) {
  const auto read = [&](Connection& connection) { return ReadState(connection, scope); };
  Pin pin = {.pool = &store.readers(), .state = {}, .revision = revision};
  auto state = RunRepeatable(*pin.pool, scope, read);
  const bool elsewhere = state ? revision > state->revision : MayPrimaryDo(state.error());
  if (store.has_replica() && elsewhere) {
    pin.pool = &store.primary();
    state = RunRepeatable(*pin.pool, scope, read);
  }
  LOADLINE_ASSIGN_OR_RETURN(pin.state, std::move(state));
  if (revision > pin.state.revision) return base::Fail(FutureRevision(revision, pin.state.revision));
  if (revision == 0) pin.revision = pin.state.revision;
  return pin;
}

base::Result<Page<domain::Benchmark>> ListBenchmarks(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                                     const PageRequest& page, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto pin, PinRevision(store, page.revision, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto curves, store.Curves(pin.state.curves_revision, scope));
  CurveCursor cursor(*curves, filter, pin.revision);
  Position after;
  if (!page.after.empty()) {
    LOADLINE_ASSIGN_OR_RETURN(after, ParsePosition(page.after));
    const auto number = curves->Find(after.curve_id);
    if (!number) return base::Fail(StrangePosition());
    cursor.SkipTo(*number);
  }
  Page<domain::Benchmark> result = {.items = {}, .next = {}, .revision = pin.revision};
  LOADLINE_RETURN_IF_ERROR(
      (RowLister{pin, *curves, scope}.Fill(cursor, after, static_cast<std::size_t>(page.size), result)));
  return result;
}

base::Result<domain::Benchmark> GetBenchmark(PostgresStore& store, const domain::BenchmarkId& id,
                                             const CallScope& scope) {
  const auto read = [&](Connection& connection) {
    return connection.Run(GetRow(), Parameters().Bytes(BytesOf(id)), scope);
  };
  LOADLINE_ASSIGN_OR_RETURN(auto rows, store.Read(scope, read));
  if (rows.empty() && store.has_replica()) {
    LOADLINE_ASSIGN_OR_RETURN(rows, RunRepeatable(store.primary(), scope, read));
  }
  if (rows.empty()) return base::Fail(BenchmarkNotFound(id));
  const BenchmarkRow row = {rows};
  auto curves = store.KnownCurves();
  auto number = curves->Find(row.curve_id());
  if (!number) {
    LOADLINE_ASSIGN_OR_RETURN(const auto pin, PinRevision(store, 0, scope));
    LOADLINE_ASSIGN_OR_RETURN(curves, store.Curves(pin.state.curves_revision, scope));
    number = curves->Find(row.curve_id());
  }
  if (!number) return base::Fail(base::Internal("a benchmark's curve is not known"));
  return row.Read(curves->configuration(*number), curves->curve(*number).shape);
}

base::Result<Page<ConfigurationSummary>> ListConfigurations(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto pin, PinRevision(store, page.revision, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto curves, store.Curves(pin.state.curves_revision, scope));
  CurveCursor cursor(*curves, filter, pin.revision);
  if (!page.after.empty()) {
    LOADLINE_ASSIGN_OR_RETURN(const auto rank, RankAfter(*curves, page.after));
    cursor.SkipToRank(rank);
  }
  const auto size = static_cast<std::size_t>(page.size);
  auto groups = NextConfigurations(cursor, *curves, size + 1);
  Page<ConfigurationSummary> result = {.items = {}, .next = {}, .revision = pin.revision};
  if (groups.size() > size) {
    groups.resize(size);
    result.next = std::to_string(curves->ConfigurationAt(curves->rank(groups.back().front())).id);
  }
  std::vector<std::int32_t> ids;
  for (const auto& group : groups) {
    for (const auto number : group) ids.push_back(curves->curve(number).id);
  }
  LOADLINE_ASSIGN_OR_RETURN(const auto counts, CountRows(pin, ids, scope));
  for (const auto& group : groups) result.items.push_back(Summarise(*curves, group, counts));
  return result;
}

}  // namespace loadline::store::postgres
