#include <gtest/gtest.h>

#include "libs/testing/wait.h"
#include "tests/attack/target.h"
#include "tests/integration/store_client.h"

/// Clients that ask for much and read nothing.
namespace loadline::attack {
namespace {

constexpr char kList[] = "/loadline.benchmark.v1.BenchmarkService/ListBenchmarks";
constexpr int kRows = 2000;
constexpr int kReaders = 8;
constexpr std::uint32_t kCallsOfAReader = 60;
// What an answer may wait for its reader, and some time to make it.
constexpr std::chrono::seconds kUntilCancelled{25};
// Each answer is a page of 1,000 benchmarks.
constexpr std::int64_t kMaxGrowthKib = 512 * 1024;

// Its answers do not fit into the window, and it makes the window no larger.
Connection SlowReader(const Target& target) {
  auto connection = Connection::Open(target.port());
  if (!connection || !connection->Greet({{Setting::kInitialWindowSize, 1}})) throw std::runtime_error("no connection");
  benchmark::v1::ListBenchmarksRequest request;
  request.set_page_size(1000);
  std::string calls;
  for (std::uint32_t i = 0; i < kCallsOfAReader; ++i) {
    calls += UnaryCall(2 * i + 1, kList, request.SerializeAsString());
  }
  connection->Send(calls);
  return std::move(*connection);
}

TEST(SlowReader, OfALargeAnswerHoldsNoThreadAndLittleMemory) {
  Target target("benchmark-store");
  const testing::StoreClient client("127.0.0.1:" + std::to_string(target.port()));
  ASSERT_TRUE(client.Import(testing::ManyBenchmarks("acme/a", kRows)));
  const auto before = target.ResidentKib();
  HealthWatch health(target.port());
  std::vector<Connection> readers;
  for (int i = 0; i < kReaders; ++i) readers.push_back(SlowReader(target));
  // Until then, calls may be refused; health may not.
  EXPECT_TRUE(testing::WaitFor([&] { return target.Answers(); }, kUntilCancelled)) << "threads are held";
  target.ExpectUnharmed("480 pages that nobody reads", before, kMaxGrowthKib, {&health});
}

}  // namespace
}  // namespace loadline::attack
