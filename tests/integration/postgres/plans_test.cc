#include <gmock/gmock.h>

#include <set>

#include "libs/testing/matchers.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/postgres_repositories.h"
#include "tests/conformance/sample.h"
#include "tests/integration/postgres/plan_log.h"

namespace loadline::store::postgres {
namespace {

using loadline::testing::PostgresServer;
using loadline::testing::TestDatabase;
using ::testing::IsSubsetOf;
using ::testing::IsSupersetOf;

constexpr int kModels = 60;
constexpr int kShapes = 40;
constexpr int kRates = 12;
constexpr int kMonths = 6;
constexpr char kModel[] = "acme/sparrow-7-instruct";
// Its curves have two months.
constexpr char kModelOfMonths[] = "acme/sparrow-3-instruct";

// Names of a catalogue as large as public ones, and quarantined rows.
constexpr char kManyModels[] = R"(
INSERT INTO models (name, architecture, tags, catalogued)
  SELECT 'org-' || n % 97 || '/' || (ARRAY['llama', 'mistral', 'qwen', 'gemma', 'falcon'])[n % 5 + 1] || '-' || n
         || (ARRAY['-7b', '-13b', '-70b'])[n % 3 + 1] || (ARRAY['-instruct', '-chat', '-base', ''])[n % 4 + 1],
         (ARRAY['llama', 'mistral', 'qwen2', 'gemma2', 'falcon'])[n % 5 + 1], ARRAY['dense'], true
    FROM generate_series(1, 10000) n;
INSERT INTO benchmark_quarantine (revision, id, document)
  SELECT 1, substring(sha256(n::text::bytea) FOR 12), '{}' FROM generate_series(1, 20000) n;
)";

std::string NameOf(int model) { return "acme/sparrow-" + std::to_string(model) + "-instruct"; }

/// The benchmark of a curve at its `rate`th load: curves take turns by month,
/// and each sixth has no date.
domain::Measurement Row(int model, int shape, int rate) {
  auto row = Sample({.model = NameOf(model), .input_tokens = 100.0 + shape, .rate = 1.0 + rate});
  row.measured_at = std::chrono::sys_days{std::chrono::year(2024) / (shape % kMonths + 1) / 15};
  if (shape % 6 == 5) row.measured_at.reset();
  return row;
}

/// A store with 30,000 benchmarks of 2,400 curves, and 10,000 other models.
class LargeStore {
 public:
  LargeStore() {
    {
      const auto connection = Connection::Open(database_.url(), {}).value();
      EXPECT_TRUE(Migrate(*connection, EmbeddedMigrations(), {}, {}).has_value());
    }
    store_ = PostgresStore::Open({.pool = {.url = database_.url(), .min_connections = 1, .max_connections = 1},
                                  .maintenance_interval = std::chrono::hours(1)})
                 .value();
    benchmarks_.emplace(*store_);
    Import(0, kModels, kRates);
    // Two months of one curve.
    Import(3, 4, kRates + 1,
           [](auto& row) { row.measured_at = std::chrono::sys_days{std::chrono::year(2024) / 4 / 1}; });
    server_.Psql(kManyModels, database_.name());
    server_.Psql("VACUUM ANALYZE", database_.name());
    log_.emplace(server_, database_.name());
  }

  BenchmarkRepository& benchmarks() { return *benchmarks_; }
  PostgresStore& store() { return *store_; }
  PlanLog& log() { return *log_; }
  std::string Psql(const std::string& sql) { return database_.Psql(sql); }
  /// An empty partition is read in no time, by whatever plan.
  bool HasRows(const std::string& table) { return database_.Psql("SELECT EXISTS (SELECT FROM " + table + ")") == "t"; }

  void Import(int first_model, int last_model, int rates,
              const std::function<void(domain::Measurement&)>& change = {}) {
    const auto session = benchmarks_->BeginImport({}).value();
    Stage(*session, first_model, last_model, rates, change);
    ASSERT_THAT(session->Commit(), loadline::testing::IsOk());
  }
  void Preview() {
    const auto session = benchmarks_->BeginImport({}).value();
    Stage(*session, 0, 1, 2, {});
    ASSERT_THAT(session->DryRun(), loadline::testing::IsOk());
  }

 private:
  static void Stage(ImportSession& session, int first_model, int last_model, int rates,
                    const std::function<void(domain::Measurement&)>& change) {
    for (int i = first_model * kShapes * rates; i < last_model * kShapes * rates; ++i) {
      auto row = Row(i / rates / kShapes, i / rates % kShapes, i % rates);
      if (change) change(row);
      ASSERT_THAT(session.Accept(domain::Judge(std::move(row))), loadline::testing::IsOk());
    }
  }

  PostgresServer server_{PlanLog::Settings()};
  TestDatabase database_{server_};
  std::unique_ptr<PostgresStore> store_;
  std::optional<PostgresBenchmarkRepository> benchmarks_;
  std::optional<PlanLog> log_;
};

LargeStore& Store() {
  static LargeStore store;
  return store;
}

/// A call of the repository, and how the server must read for it.
struct HotQuery {
  std::string name;
  std::function<void(LargeStore&)> call;
  std::set<std::string> indexes;
  /// Of benchmark_results only these partitions; empty where any may be read.
  std::set<std::string> partitions = {};

  friend void PrintTo(const HotQuery& query, std::ostream* out) { *out << query.name; }
};

domain::Benchmark AnyBenchmark(LargeStore& store) {
  return store.benchmarks().List({.model = kModel}, {.size = 1}, {})->items.at(0);
}

void FindClosest(LargeStore& store, const std::string& model, double input_tokens, std::optional<double> rate) {
  ASSERT_THAT(store.benchmarks().FindClosest({.model = model}, {input_tokens, 256}, rate, {}),
              loadline::testing::IsOk());
}

/// Imports new curves and reads them.
void ReadNewCurves(LargeStore& store) {
  static int next_model = kModels;
  store.Import(next_model, next_model + 1, 1);
  ++next_model;
  ASSERT_EQ(store.benchmarks().ListConfigurations({.model = NameOf(next_model - 1)}, {}, {})->items.size(), 1U);
}

void Search(LargeStore& store, const std::string& query, domain::Revision revision) {
  const auto found = store.benchmarks().SearchModels(ModelQuery::Parse(query).value(), {.revision = revision}, {});
  ASSERT_THAT(found, loadline::testing::IsOk());
  ASSERT_FALSE(found->items.empty());
}

std::vector<HotQuery> HotQueries() {
  return {
      {.name = "FindClosestOfOneMonth",
       .call = [](auto& store) { FindClosest(store, kModel, 101, 3.5); },
       .indexes = {"benchmark_results_curve"},
       .partitions = {"benchmark_results_2024_02"}},
      {.name = "FindClosestOfSeveralMonths",
       .call = [](auto& store) { FindClosest(store, kModelOfMonths, 101, 3.5); },
       .indexes = {"benchmark_results_curve"}},
      {.name = "FindClosestOfAnUndatedCurve",
       .call = [](auto& store) { FindClosest(store, kModel, 105, std::nullopt); },
       .indexes = {"benchmark_results_curve"},
       .partitions = {"benchmark_results_default"}},
      {.name = "ListBenchmarksOfOneModel",
       .call = [](auto& store) { store.benchmarks().List({.model = kModel}, {.size = 100}, {}).value(); },
       .indexes = {"benchmark_results_curve"}},
      {.name = "ListBenchmarksOfOneShape",
       .call =
           [](auto& store) {
             store.benchmarks().List({.shape = domain::TrafficShape{110, 256}}, {.size = 1000}, {}).value();
           },
       .indexes = {"benchmark_results_curve"}},
      {.name = "GetBenchmark",
       .call = [](auto& store) { store.benchmarks().Get(AnyBenchmark(store).id, {}).value(); },
       .indexes = {"benchmark_results_id_measured_at_key"}},
      {.name = "ListConfigurations",
       .call = [](auto& store) { store.benchmarks().ListConfigurations({.model = kModel}, {.size = 10}, {}).value(); },
       .indexes = {"benchmark_results_curve"}},
      {.name = "ListQuarantined",
       .call = [](auto& store) { store.benchmarks().ListQuarantined({.size = 100}, {}).value(); },
       .indexes = {"benchmark_quarantine_pkey"}},
      {.name = "ChangesSince",
       .call = [](auto& store) { store.benchmarks().ChangesSince(1, "", {}).value(); },
       .indexes = {}},
      {.name = "CurvesThatChanged", .call = ReadNewCurves, .indexes = {"curves_changed"}},
      {.name = "ImportPreview",
       .call = [](auto& store) { store.Preview(); },
       .indexes = {"benchmark_results_id_measured_at_key"}},
      {.name = "SearchModels",
       .call = [](auto& store) { Search(store, "sparow 7 instrct", 0); },
       .indexes = {"models_search_words", "models_search_text"}},
      {.name = "SearchModelsAsOfARevision",
       .call = [](auto& store) { Search(store, "sparow 7 instrct", 1); },
       .indexes = {"models_search_words", "models_search_text", "benchmark_results_curve"}},
  };
}

std::string Described(const std::vector<QueryPlan>& plans) {
  std::string text;
  for (const auto& plan : plans) {
    if (plan.scans.empty()) continue;
    text += plan.query.substr(0, 300) + "\n";
    for (const auto& scan : plan.scans) text += "  " + scan.node + " on " + scan.table + " using " + scan.index + "\n";
  }
  return text;
}

class PlansTest : public ::testing::TestWithParam<HotQuery> {};

TEST_P(PlansTest, UseTheirIndexesAndReadNoPartitionWhole) {
  auto& store = Store();
  // Often enough that the server plans once for all parameters.
  const auto plans = store.log().During([&] {
    for (int i = 0; i < 8; ++i) GetParam().call(store);
  });
  std::set<std::string> indexes;
  std::set<std::string> whole;
  std::set<std::string> partitions;
  for (const auto& plan : plans) {
    for (const auto& scan : plan.scans) {
      if (!scan.index.empty()) indexes.insert(scan.index);
      const bool benchmarks = scan.table.starts_with("benchmark_results");
      if (benchmarks) partitions.insert(scan.table);
      if (benchmarks && scan.node == "Seq Scan" && store.HasRows(scan.table)) whole.insert(scan.table);
    }
  }
  EXPECT_THAT(indexes, IsSupersetOf(GetParam().indexes)) << Described(plans);
  EXPECT_THAT(whole, ::testing::IsEmpty()) << Described(plans);
  if (GetParam().partitions.empty()) return;
  EXPECT_THAT(partitions, IsSubsetOf(GetParam().partitions)) << Described(plans);
}

INSTANTIATE_TEST_SUITE_P(Hot, PlansTest, ::testing::ValuesIn(HotQueries()),
                         [](const auto& each) { return each.param.name; });

TEST(Indexes, AreConstraintsOrUsedByAHotQuery) {
  std::set<std::string> used;
  for (const auto& query : HotQueries()) used.insert(query.indexes.begin(), query.indexes.end());
  std::istringstream others(Store().Psql(
      "SELECT c.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = "
      "x.indrelid WHERE t.relnamespace = 'public'::regnamespace AND NOT x.indisunique AND NOT "
      "t.relispartition"));
  std::set<std::string> unused;
  std::size_t count = 0;
  for (std::string index; std::getline(others, index); ++count) {
    if (!used.contains(index)) unused.insert(index);
  }
  EXPECT_GT(count, 0U);
  EXPECT_THAT(unused, ::testing::IsEmpty());
}

}  // namespace
}  // namespace loadline::store::postgres
