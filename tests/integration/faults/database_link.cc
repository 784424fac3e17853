#include "tests/integration/faults/database_link.h"

#include <gmock/gmock.h>

#include <iostream>
#include <optional>

#include "libs/wire/benchmark_wire.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

namespace pb = benchmark::v1;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kReaders = 3;
constexpr milliseconds kDeadline(1000);
constexpr milliseconds kTolerance(100);
constexpr milliseconds kRecovery(2000);
constexpr int kFailuresEach = 4;
constexpr int kConnections = 3;
constexpr int kImports = 2;
// One follows changes, one is for upkeep.
constexpr int kMostConnections = kConnections + kImports + 2;

grpc::Status FindClosest(pb::BenchmarkService::Stub& stub, grpc::ClientContext& context) {
  pb::FindClosestBenchmarkRequest request;
  request.mutable_filter()->set_model_hf_repo("acme/a");
  request.mutable_shape()->set_input_tokens(512);
  request.mutable_shape()->set_output_tokens(256);
  pb::FindClosestBenchmarkResponse answer;
  return stub.FindClosestBenchmark(&context, request, &answer);
}

// Of a row that is new each time.
grpc::Status ImportOne(pb::BenchmarkService::Stub& stub, grpc::ClientContext& context, int number) {
  pb::ImportBenchmarksResponse answer;
  const auto stream = stub.ImportBenchmarks(&context, &answer);
  pb::ImportBenchmarksRequest message;
  const auto row = CurveOf("acme/imported", 1 + 0.001 * number).front();
  wire::ToProto(row.measurement, message.mutable_rows()->add_rows()->mutable_benchmark());
  stream->Write(message);
  message.mutable_commit()->set_row_count(1);
  stream->Write(message);
  stream->WritesDone();
  return stream->Finish();
}

void ExpectNothingLeftBehind(const PostgresServer& server, const TestDatabase& database) {
  const auto ours = " WHERE usename = 'loadline' AND datname = '" + database.name() + "'";
  const auto sessions = "pg_stat_activity" + ours;
  EXPECT_TRUE(server.Await("SELECT count(*) <= " + std::to_string(kMostConnections) + " FROM " + sessions))
      << server.Psql("SELECT state, query FROM " + sessions);
  EXPECT_TRUE(server.Await("SELECT count(*) = 0 FROM " + sessions + " AND state LIKE 'idle in transaction%'"));
  EXPECT_TRUE(database.Await("SELECT count(*) = 0 FROM pg_locks JOIN pg_stat_activity USING (pid)" + ours))
      << database.Psql("SELECT relation::regclass, mode, state, query FROM pg_locks JOIN pg_stat_activity USING (pid)" +
                       ours);
}

}  // namespace

Environment OverPort(const StoreData& data, const TestDatabase& database, int port) {
  const auto url = "postgresql://loadline@127.0.0.1:" + std::to_string(port) + "/" + database.name();
  return OnDatabase(
      data, url,
      {{"DATABASE_MAX_CONNECTIONS", std::to_string(kConnections)}, {"DATABASE_MAX_IMPORTS", std::to_string(kImports)}});
}

void ExpectStoreToLiveWith(const NetworkFault& fault, const std::string& store_address, const PostgresServer& server,
                           const TestDatabase& database) {
  const StoreClient client(store_address);
  std::atomic<int> imports = 0;
  const auto stub = pb::BenchmarkService::NewStub(client.channel());
  std::optional<CallLoad> load;
  load.emplace(kReaders + 1, kDeadline, [&](std::size_t thread, grpc::ClientContext& context) {
    const bool writes = thread == kReaders;
    return CallLoad::Outcome{.status = writes ? ImportOne(*stub, context, ++imports) : FindClosest(*stub, context)};
  });
  ASSERT_TRUE(load->AwaitAllGood(std::chrono::seconds(20)));
  fault.begin();
  // Longer than the first calls: connections that were open, then new ones.
  for (int i = 0; i < kFailuresEach; ++i) {
    EXPECT_TRUE(load->AwaitAll([](const auto& outcome) { return !outcome.status.ok(); }, std::chrono::seconds(10)));
  }
  EXPECT_NE(client.health(), Health::kAway) << "health answers without PostgreSQL";
  fault.end();
  const auto healed = Clock::now();
  EXPECT_TRUE(load->AwaitAllGood(kRecovery)) << "not well two seconds after the network is back";
  std::cout << "all well " << std::chrono::ceil<milliseconds>(Clock::now() - healed).count()
            << " ms after the network was back\n";
  EXPECT_LE(load->WorstOverrun(), kTolerance);
  for (const auto& [what, error] : load->failures()) {
    EXPECT_THAT(error.code, ::testing::AnyOf(base::ErrorCode::kUnavailable, base::ErrorCode::kDeadlineExceeded,
                                             base::ErrorCode::kResourceExhausted))
        << what;
  }
  load.reset();
  ExpectNothingLeftBehind(server, database);
}

}  // namespace loadline::testing
