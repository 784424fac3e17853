#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/http_receiver.h"
#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "libs/testing/wait.h"
#include "tests/integration/held_lock.h"
#include "tests/integration/scraped.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

/// What the programs tell of themselves, as they run.
namespace loadline::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Environment kWithMetrics = {{"METRICS_ADDRESS", "127.0.0.1:0"}};
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kTraceparent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Environment With(Environment environment, const Environment& more) {
  environment.insert(more.begin(), more.end());
  return environment;
}

// The lines of the golden file, without what needs TLS.
std::set<std::string> Listed(const std::string& program) {
  std::ifstream file(LOADLINE_SOURCE_DIR "/tests/golden/metrics/" + program + ".txt");
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.find("absent without TLS") == std::string::npos) lines.insert(line);
  }
  return lines;
}

std::string Joined(const std::set<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

/// A store with a model and its planner, which send their spans to `receiver`.
struct Together {
  explicit Together(const Environment& extra)
      : store(With(data.environment(), extra)), planner((store.Import(CurveOf("acme/a")), store.address()), extra) {
    EXPECT_TRUE(planner.AwaitHealth(Health::kServing));
  }

  StoreData data;
  StoreProcess store;
  PlannerProcess planner;
};

// The spans that came, by name.
std::map<std::string, nlohmann::json> SpansOf(const HttpReceiver& receiver) {
  std::map<std::string, nlohmann::json> spans;
  for (const auto& request : receiver.requests()) {
    const auto body = nlohmann::json::parse(request.body);
    const auto& resource = body["resourceSpans"][0];
    for (auto span : resource["scopeSpans"][0]["spans"]) {
      span["service"] = resource["resource"]["attributes"][0]["value"]["stringValue"];
      spans[span["name"]] = span;
    }
  }
  return spans;
}

grpc::Status PlanWithTrace(PlannerProcess& planner, const planner::v1::PlanCapacityRequest& request) {
  grpc::ClientContext context;
  rpc::SetDeadline(context, std::chrono::seconds(20));
  context.AddMetadata("traceparent", kTraceparent);
  planner::v1::PlanCapacityResponse response;
  return planner.stub().PlanCapacity(&context, request, &response);
}

TEST(Metrics, OfAStoreOnADatabaseAreThoseThatAreListed) {
  const StoreOn backend("postgresql");
  StoreProcess store(With(backend.environment(), kWithMetrics));
  EXPECT_EQ(Joined(Scraped(store.process()).List()), Joined(Listed("benchmark-store")));
}

TEST(Metrics, OfAPlannerAreThoseThatAreListed) {
  Together pair(kWithMetrics);
  EXPECT_EQ(Joined(Scraped(pair.planner.process()).List()), Joined(Listed("planner")));
}

TEST(Metrics, OfAStoreSayWhatItHasAndDid) {
  Together pair(kWithMetrics);
  const Scraped metrics(pair.store.process());
  EXPECT_EQ(metrics["loadline_store_benchmarks"], 3);
  EXPECT_EQ(metrics["loadline_imports_total{result=\"committed\"}"], 1);
  EXPECT_EQ(metrics["loadline_imports_total{result=\"failed\"}"], 0);
  EXPECT_EQ(metrics["loadline_import_rows_total{outcome=\"accepted\"}"], 3);
  EXPECT_EQ(metrics["loadline_quarantined_rows"], 0);
  EXPECT_EQ(metrics["loadline_watchers"], 1) << "the planner's";
  EXPECT_GE(metrics["loadline_store_revision"], 1);
  EXPECT_EQ(metrics["grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"ImportBenchmarks\",grpc_service="
                    "\"loadline.benchmark.v1.BenchmarkService\",grpc_type=\"client_stream\"}"],
            1);
}

TEST(Metrics, OfADatabaseSayHowItDoes) {
  const StoreOn backend("postgresql");
  StoreProcess store(With(backend.environment(), kWithMetrics));
  store.Import(CurveOf("acme/a"));
  const Scraped metrics(store.process());
  EXPECT_EQ(metrics["loadline_db_reachable"], 1);
  EXPECT_LT(metrics["loadline_watch_lag_seconds"], 5);
  EXPECT_EQ(std::to_string(static_cast<int>(metrics["loadline_schema_version"])),
            backend.Psql("SELECT max(number) FROM schema_migrations"));
  EXPECT_GE(metrics["loadline_db_pool_connects_total{pool=\"primary\"}"], 1);
  EXPECT_GE(metrics["loadline_db_pool_acquires_total{pool=\"imports\"}"], 1);
  EXPECT_EQ(metrics["loadline_db_pool_max_connections{pool=\"primary\"}"], 16);
  EXPECT_EQ(metrics["loadline_db_pool_acquire_timeouts_total{pool=\"primary\"}"], 0);
}

TEST(Metrics, OfADatabaseTellOfATransactionThatStaysOpen) {
  const auto& server = SharedPostgres();
  server.Psql("GRANT pg_read_all_stats TO loadline");
  const TestDatabase database(server);
  const StoreData data;
  StoreProcess store(OnDatabase(data, database.url(), kWithMetrics));
  const HeldLock open(server, database.name(), "benchmark_quarantine", "ACCESS SHARE");
  EXPECT_GT(Scraped(store.process())["loadline_db_oldest_transaction_age_seconds"], 0);
}

TEST(Metrics, OfAPlannerSayWhatItKnowsAndAnswered) {
  Together pair(kWithMetrics);
  ASSERT_TRUE(pair.planner.Plan(PlanRequest()).status.ok());
  ASSERT_TRUE(pair.planner.Plan(PlanRequest()).status.ok());
  const Scraped metrics(pair.planner.process());
  EXPECT_EQ(metrics["loadline_plans_total{outcome=\"feasible\"}"], 2);
  EXPECT_EQ(metrics["loadline_match_distance_count"], 2);
  EXPECT_EQ(metrics["loadline_evidence_cache_misses_total"], 1);
  EXPECT_EQ(metrics["loadline_evidence_cache_hits_total"], 1);
  EXPECT_EQ(metrics["loadline_evidence_cache_models"], 1);
  EXPECT_GT(metrics["loadline_evidence_cache_bytes"], 0);
  EXPECT_EQ(metrics["loadline_evidence_stale"], 0);
  EXPECT_EQ(metrics["loadline_store_reachable"], 1);
  EXPECT_GE(metrics["loadline_evidence_revision"], 1);
}

TEST(Metrics, OfAPlannerSayThatTheStoreIsAway) {
  Together pair(kWithMetrics);
  pair.store.process().Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] {
    const Scraped metrics(pair.planner.process());
    return metrics["loadline_store_reachable"] == 0 && metrics["loadline_evidence_stale"] == 1;
  }));
}

TEST(Metrics, AnAddressThatIsTakenStopsTheStart) {
  const StoreData data;
  StoreProcess first(With(data.environment(), kWithMetrics));
  const auto listening = first.process().WaitForEvent("metrics_listening");
  ASSERT_TRUE(listening);
  const StoreData others;
  auto environment = others.environment();
  environment.insert({{"LISTEN_ADDRESS", "127.0.0.1:0"},
                      {"METRICS_ADDRESS", "127.0.0.1:" + listening->at("port").get<std::string>()}});
  Process second({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .environment = environment});
  EXPECT_EQ(second.Wait(), 2);
  EXPECT_THAT(second.ErrorOutput(), HasSubstr("METRICS_ADDRESS"));
}

TEST(Traces, OneGoesThroughPlannerAndStore) {
  const HttpReceiver receiver("200 OK");
  Together pair(Environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()}, {"LOG_LEVEL", "debug"}});
  ASSERT_TRUE(PlanWithTrace(pair.planner, PlanRequest()).ok());
  ASSERT_TRUE(WaitFor([&] { return SpansOf(receiver).size() >= 3; })) << nlohmann::json(SpansOf(receiver)).dump(2);
  const auto spans = SpansOf(receiver);
  const auto& plan = spans.at("loadline.planner.v1.PlannerService/PlanCapacity");
  const auto& asks = spans.at("BenchmarkService/ListBenchmarks");
  const auto& answers = spans.at("loadline.benchmark.v1.BenchmarkService/ListBenchmarks");
  for (const auto& span : {plan, asks, answers}) EXPECT_EQ(span["traceId"], kTraceId);
  EXPECT_EQ(plan["parentSpanId"], "00f067aa0ba902b7");
  EXPECT_EQ(asks["parentSpanId"], plan["spanId"]);
  EXPECT_EQ(answers["parentSpanId"], asks["spanId"]);
  EXPECT_EQ(plan["service"], "planner");
  EXPECT_EQ(answers["service"], "benchmark-store");
}

TEST(Traces, EveryLogLineOfACallNamesItsTraceInBothPrograms) {
  Together pair(Environment{{"LOG_LEVEL", "debug"}});
  ASSERT_TRUE(PlanWithTrace(pair.planner, PlanRequest()).ok());
  const auto names_it = [](const nlohmann::json& line) { return line.value("trace_id", "") == kTraceId; };
  EXPECT_THAT(pair.planner.process().Events("call"), Contains(::testing::Truly(names_it)));
  EXPECT_THAT(pair.planner.process().Events("model_loaded"), Contains(::testing::Truly(names_it)));
  EXPECT_TRUE(WaitFor([&] {
    const auto calls = pair.store.process().Events("call");
    return std::any_of(calls.begin(), calls.end(), names_it);
  }));
}

TEST(Traces, AnErrorNamesTheTraceOfItsCall) {
  Together pair(Environment{});
  const auto error = rpc::FromGrpcStatus(PlanWithTrace(pair.planner, PlanRequest({"no/such-model"})));
  EXPECT_EQ(error.reason, "UNKNOWN_MODEL");
  EXPECT_EQ(error.metadata.at("trace_id"), kTraceId);
  const auto new_one = rpc::FromGrpcStatus(pair.planner.Plan(PlanRequest({"no/such-model"})).status);
  EXPECT_EQ(new_one.metadata.at("trace_id").size(), 32);
  EXPECT_NE(new_one.metadata.at("trace_id"), kTraceId);
}

TEST(Traces, AReceiverThatHangsOrIsAwayDelaysNoCallAndNoStop) {
  const HttpReceiver silent("");
  for (const auto& endpoint : {silent.url(), "http://127.0.0.1:" + std::to_string(FreePort())}) {
    Together pair(Environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint}, {"OTEL_TRACES_SAMPLER_ARG", "1"}});
    for (int i = 0; i < 200; ++i) {
      const auto answer = pair.planner.Plan(PlanRequest());
      ASSERT_TRUE(answer.status.ok());
      ASSERT_LT(answer.took, std::chrono::milliseconds(2500)) << "the exporter's patience is 3 s";
    }
    pair.planner.process().Signal(SIGTERM);
    EXPECT_EQ(pair.planner.process().Wait(std::chrono::seconds(15)), 0);
  }
}

}  // namespace
}  // namespace loadline::testing
