#include "bench/backends.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>

#include "bench/calls.h"
#include "bench/search_set.h"
#include "libs/json/catalog_json.h"
#include "libs/testing/postgres_server.h"

namespace loadline::bench {
namespace {

using testing::PostgresServer;
using testing::TestDatabase;
using Environment = std::map<std::string, std::string>;

constexpr int kConnections = 16;
constexpr int kMonths = 24;
constexpr std::chrono::seconds kRoundTime(2);
constexpr int kRounds = 7;
constexpr double kMib = 1 << 20;
// As much memory as the data need, for both sides.
const PostgresServer::Settings kRoomy = {
    {"shared_buffers", "1GB"}, {"max_wal_size", "8GB"}, {"maintenance_work_mem", "256MB"}};

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Rows of two years, the same curve's in the same month.
std::vector<domain::Measurement> DatedRows(const DataSetSpec& spec) {
  auto rows = MakeRows(spec);
  const auto first = std::chrono::sys_days(std::chrono::year(2024) / 1 / 15);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].measured_at = first + std::chrono::days(30 * (i * kMonths / rows.size()));
  }
  return rows;
}

/// The catalogue of `installation`, but with models to search among.
void WriteCatalogue(const Installation& installation, const testing::TempDir& folder) {
  for (const auto* name : {"hardware.json", "use_cases.json"}) {
    std::filesystem::copy_file(installation.data / name, folder / name);
  }
  folder.Write("models.json", nlohmann::json{{"models", json::WriteModels(SearchableModels())}}.dump());
}

/// One kind of store, and what is measured of it.
class Backend {
 public:
  Backend(const Installation& installation, Environment environment, const DataSetSpec& spec)
      : installation_(installation), environment_(std::move(environment)), spec_(spec) {}

  void Import(const std::vector<domain::Measurement>& rows) {
    auto store = Start();
    const auto channel = Connect(store.address());
    figures_.imported_per_second = spec_.rows / SecondsOf([&] { ImportRows(channel, rows); });
    figures_.import_bytes = store.peak_bytes();
  }

  /// Starts a store with the data.
  void Open() {
    figures_.start_ms = 1000 * SecondsOf([&] {
                          store_.emplace(Start());
                          store_->address();
                        });
  }

  /// Asks it for some seconds.
  void Ask() {
    const auto channel = Connect(store_->address());
    const auto comparison =
        Compare({{.empty = EmptyCall(channel), .measured = FindClosest(spec_.models, true)(channel, spec_.seed)}},
                {.rounds = 2});
    closest_p50_.Add({comparison.measured.Percentile(0.5)});
    empty_p50_.Add({comparison.empty.Percentile(0.5)});
    const auto searches = Compare({{.empty = EmptyCall(channel), .measured = SearchModels()(channel, spec_.seed)}},
                                  {.rounds = 1, .empty_per_round = 1, .measured_per_round = 200});
    search_p50_.Add({searches.measured.Percentile(0.5)});
    closest_per_second_.Add({PerSecond(FindClosest(spec_.models, true))});
    empty_per_second_.Add({PerSecond([](const auto& to, auto) { return EmptyCall(to); })});
  }

  BackendFigures Figures() {
    figures_.closest_p50 = closest_p50_.Percentile(0.5);
    figures_.empty_p50 = empty_p50_.Percentile(0.5);
    figures_.search_p50 = search_p50_.Percentile(0.5);
    figures_.closest_per_second = closest_per_second_.Percentile(0.5);
    figures_.empty_per_second = empty_per_second_.Percentile(0.5);
    figures_.resident_bytes = store_->resident_bytes();
    return figures_;
  }

 private:
  Service Start() const { return StartStore(installation_, environment_); }

  double PerSecond(const CallFactory& factory) {
    std::vector<Call> calls;
    for (std::uint64_t i = 0; i < kConnections; ++i) {
      calls.push_back(factory(Connect(store_->address()), spec_.seed + i));
    }
    return CallsPerSecond(calls, kRoundTime);
  }

  const Installation& installation_;
  const Environment environment_;
  const DataSetSpec& spec_;
  std::optional<Service> store_;
  BackendFigures figures_;
  Samples closest_p50_;
  Samples empty_p50_;
  Samples search_p50_;
  Samples closest_per_second_;
  Samples empty_per_second_;
};

/// PostgreSQL's own tools on a server.
class Tools {
 public:
  explicit Tools(const PostgresServer& server) : server_(server) {}

  /// Takes all benchmarks of a database out and puts them back in, which is
  /// timed.
  double CopyAgain(const TestDatabase& database, int rows) const {
    const testing::TempDir folder;
    const auto file = (folder / "benchmarks").string();
    const auto psql = [&](const std::string& command) {
      Run("psql",
          {"--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=" + database.url(), "--command=" + command});
    };
    psql("\\copy (SELECT * FROM benchmark_results) TO '" + file + "'");
    psql("TRUNCATE benchmark_results");
    const auto seconds = SecondsOf([&] { psql("\\copy benchmark_results FROM '" + file + "'"); });
    psql("VACUUM ANALYZE");
    return rows / seconds;
  }

  /// A million rows too.
  void PrepareSelects() const {
    Run("pgbench", {"--initialize", "--quiet", "--scale=10", server_.Url("postgres", "postgres")});
  }

  void Ask() {
    select_us_.Add({1000 * Select(1, "latency average = ")});
    selects_per_second_.Add({Select(kConnections, "tps = ")});
  }

  void Figures(ToolFigures& figures) const {
    figures.select_us = select_us_.Percentile(0.5);
    figures.selects_per_second = selects_per_second_.Percentile(0.5);
  }

 private:
  double Select(int connections, const std::string& figure) const {
    const auto count = std::to_string(connections);
    const auto said =
        Run("pgbench", {"--select-only", "--protocol=prepared", "--no-vacuum", "--client=" + count,
                        "--jobs=" + std::to_string(std::min(connections, 2)),
                        "--time=" + std::to_string(kRoundTime.count()), server_.Url("postgres", "postgres")});
    const auto at = said.find(figure);
    if (at == std::string::npos) throw std::runtime_error("pgbench says no " + figure + ":\n" + said);
    return std::stod(said.substr(at + figure.size()));
  }

  static std::string Run(const std::string& program, const std::vector<std::string>& arguments) {
    testing::Process process({.binary = "/usr/lib/postgresql/15/bin/" + program, .arguments = arguments});
    if (process.Wait(std::chrono::minutes(10)) == 0) return process.Output();
    throw std::runtime_error(program + " failed:\n" + process.ErrorOutput());
  }

  const PostgresServer& server_;
  Samples select_us_;
  Samples selects_per_second_;
};

std::string Line(const char* what, double json, double postgres) {
  return fmt::format("| {} | {:.0f} | {:.0f} |\n", what, json, postgres);
}

std::string BarLine(const std::string& what, const std::string& value, const char* bar, bool passes) {
  return fmt::format("| {} | **{}** | {} | {} |\n", what, value, bar, passes ? "PASS" : "**MISS**");
}

std::string SideBySide(const BackendComparison& all) {
  const auto& [json, postgres] = std::tie(all.json, all.postgres);
  return "| | JSON | PostgreSQL |\n|---|---:|---:|\n" +
         Line("import, rows/s", json.imported_per_second, postgres.imported_per_second) +
         Line("import, most memory of the store, MiB", static_cast<double>(json.import_bytes) / kMib,
              static_cast<double>(postgres.import_bytes) / kMib) +
         Line("start with the data, ms", json.start_ms, postgres.start_ms) +
         Line("memory of the store afterwards, MiB", static_cast<double>(json.resident_bytes) / kMib,
              static_cast<double>(postgres.resident_bytes) / kMib) +
         Line("FindClosestBenchmark p50, 1 connection, us", json.closest_p50, postgres.closest_p50) +
         Line("Check p50, 1 connection, us", json.empty_p50, postgres.empty_p50) +
         Line("SearchModels among 10,000 models, p50, 1 connection, us", json.search_p50, postgres.search_p50) +
         Line("FindClosestBenchmark, 16 connections, calls/s", json.closest_per_second, postgres.closest_per_second) +
         Line("Check, 16 connections, calls/s", json.empty_per_second, postgres.empty_per_second);
}

std::string Bars(const BackendComparison& all) {
  const double bound = std::min(all.tools.selects_per_second, all.ProcessorBound());
  return "| on PostgreSQL | measured | bar | |\n|---|---:|---|---|\n" +
         BarLine(fmt::format("FindClosestBenchmark p50 ÷ (Check p50 {:.0f} us + pgbench prepared SELECT {:.0f} us)",
                             all.postgres.empty_p50, all.tools.select_us),
                 fmt::format("{:.2f} x", all.LatencyRatio()), "≤ 1.6 x", all.LatencyRatio() <= 1.6) +
         BarLine(fmt::format("import ÷ `psql \\copy` of {:.0f} rows/s", all.tools.copied_per_second),
                 fmt::format("{:.0f} %", 100 * all.ImportShare()), "≥ 50 %", all.ImportShare() >= 0.5) +
         BarLine("import, most memory of the store",
                 fmt::format("{:.0f} MiB", static_cast<double>(all.postgres.import_bytes) / kMib), "≤ 256 MiB",
                 static_cast<double>(all.postgres.import_bytes) <= 256 * kMib) +
         BarLine(fmt::format("FindClosestBenchmark ÷ pgbench SELECT of {:.0f}/s, 16 connections; the processors would "
                             "allow {:.0f}/s",
                             all.tools.selects_per_second, all.ProcessorBound()),
                 fmt::format("{:.0f} %, {:.0f} %", 100 * all.ThroughputShare(),
                             100 * all.postgres.closest_per_second / all.ProcessorBound()),
                 "≥ 60 % of either", all.postgres.closest_per_second >= 0.6 * bound);
}

}  // namespace

BackendComparison CompareBackends(const Installation& programs, const DataSetSpec& spec, bool quick) {
  BackendComparison all = {.rows = spec.rows};
  fmt::print(stderr, "generating {} benchmarks\n", spec.rows);
  const testing::TempDir folder;
  WriteCatalogue(programs, folder);
  const Installation installation = {.binaries = programs.binaries, .data = folder.path()};
  Backend json(installation, {{"BENCHMARK_JSON_PATH", folder.Write("all.json", R"({"revision":1,"benchmarks":[]})")}},
               spec);
  PostgresServer server(kRoomy);
  const TestDatabase database(server);
  // Upkeep at its usual time would be in the way of what is timed.
  Backend postgres(installation,
                   {{"BENCHMARK_SOURCE", "postgresql"},
                    {"DATABASE_URL", database.url()},
                    {"DATABASE_MAINTENANCE_INTERVAL_MS", "3600000"}},
                   spec);
  {
    const auto rows = DatedRows(spec);
    fmt::print(stderr, "importing into PostgreSQL\n");
    postgres.Import(rows);
    fmt::print(stderr, "importing into JSON\n");
    json.Import(rows);
  }
  Tools tools(server);
  fmt::print(stderr, "copying with psql\n");
  all.tools.copied_per_second = tools.CopyAgain(database, spec.rows);
  tools.PrepareSelects();
  json.Open();
  postgres.Open();
  for (int round = 0; round < (quick ? 1 : kRounds); ++round) {
    fmt::print(stderr, "asking, round {}\n", round + 1);
    tools.Ask();
    postgres.Ask();
    json.Ask();
  }
  all.json = json.Figures();
  all.postgres = postgres.Figures();
  tools.Figures(all.tools);
  fmt::print(stderr, "{}", Bars(all));
  return all;
}

std::string ToMarkdown(const BackendComparison& comparison) {
  static constexpr char kText[] = R"(
## JSON and PostgreSQL

{} benchmarks, imported through gRPC and asked for the closest of one model. The bars compare with
PostgreSQL's own tools on the same server, over TCP as the store is. What the processors would allow is a
throughput: every answer takes an empty call and a SELECT at least, so with those that `Check` and
`pgbench` reach over 16 connections, each having the processors for itself, it is
1 ÷ (1 ÷ Check + 1 ÷ SELECT). The bar is 60 % of that or of pgbench, whichever is less.

)";
  return fmt::format(kText, comparison.rows) + SideBySide(comparison) + "\n" + Bars(comparison);
}

}  // namespace loadline::bench
