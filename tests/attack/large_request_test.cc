#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <memory>

#include "libs/testing/temp_dir.h"
#include "tests/attack/target.h"

/// Requests that are well formed and absurd: what takes a message of 4 MB to
/// say and might take far more to understand.
namespace loadline::attack {
namespace {

namespace bench = benchmark::v1;
namespace cat = catalog::v1;
namespace plan = planner::v1;

constexpr int kMillion = 1'000'000;
// What a message of 4 MB may grow to, and what one call may take.
constexpr std::int64_t kMostKib = 256 * 1024;
constexpr Connection::Milliseconds kPatience{20'000};

struct LargeRequest {
  std::string name;
  std::string path;
  std::string bytes;
};

LargeRequest Of(const std::string& name, const std::string& path, const google::protobuf::Message& message) {
  return {name, "/loadline." + path, message.SerializeAsString()};
}

// Field 1 of each message, in the next: two bytes a level at first, then more.
std::string Nested(int levels) {
  std::string bytes;
  for (int i = 0; i < levels; ++i) bytes = std::string("\x0a") + static_cast<char>(bytes.size()) + bytes;
  return bytes;
}

std::vector<LargeRequest> ForTheStore() {
  cat::ListModelsRequest tags;
  cat::UpsertHardwareRequest aliases;
  cat::UpsertHardwareRequest prices;
  bench::ImportBenchmarksRequest rows;
  bench::SearchModelsRequest search;
  for (int i = 0; i < kMillion; ++i) {
    tags.add_tags();
    aliases.mutable_hardware()->add_aliases();
    prices.mutable_hardware()->add_prices();
    rows.mutable_rows()->add_rows();
    search.mutable_query()->append("ab ");
  }
  aliases.mutable_hardware()->set_name("H100");
  prices.mutable_hardware()->set_name("H100");
  const std::string models = "catalog.v1.CatalogService/";
  const std::string benchmarks = "benchmark.v1.BenchmarkService/";
  return {Of("tags", models + "ListModels", tags),
          Of("aliases", models + "UpsertHardware", aliases),
          Of("prices", models + "UpsertHardware", prices),
          Of("rows", benchmarks + "ImportBenchmarks", rows),
          Of("words", benchmarks + "SearchModels", search),
          {"levels", "/loadline." + models + "UpsertHardware", Nested(60)}};
}

std::vector<LargeRequest> ForThePlanner() {
  const auto good = testing::PlanRequest();
  std::map<std::string, plan::PlanCapacityRequest> requests = {
      {"models", good}, {"hardware", good}, {"precisions", good}, {"bins", good}, {"GPUs", good}, {"limits", good}};
  for (int i = 0; i < kMillion; ++i) {
    requests["models"].mutable_candidates()->add_model_hf_repos();
    requests["hardware"].mutable_candidates()->add_hardware();
    requests["precisions"].mutable_candidates()->add_precisions();
    requests["bins"].mutable_length_histogram()->add_bins();
    requests["limits"].mutable_slo()->append(";;;;");
  }
  // Each entry of a map takes a few bytes more.
  for (int i = 0; i < kMillion / 4; ++i) (*requests["GPUs"].mutable_max_gpus())["g" + std::to_string(i)] = 1;
  std::vector<LargeRequest> large;
  for (const auto& [name, request] : requests) {
    large.push_back(Of(name, "planner.v1.PlannerService/PlanCapacity", request));
  }
  return large;
}

void ExpectBearable(Target& target, const LargeRequest& request) {
  const auto before = target.ResidentKib();
  auto connection = target.Connect();
  const auto answer = connection.Call(request.path, request.bytes, kPatience);
  const auto growth = target.ResidentKib() - before;
  std::cout << request.name << ": " << request.bytes.size() << " bytes, " << answer << ", grew by " << growth
            << " KiB\n";
  // Tags that no model has are no mistake.
  EXPECT_TRUE(answer.IsRefusal() || (request.name == "tags" && answer.IsOk())) << request.name << ": " << answer;
  EXPECT_LT(growth, kMostKib) << request.name;
  EXPECT_TRUE(target.TimeToAnswer()) << request.name;
  ASSERT_TRUE(target.IsAlive()) << request.name << target.process().ErrorOutput();
}

TEST(LargeRequest, AMillionElementsAreTooManyForTheStore) {
  Target target("benchmark-store");
  for (const auto& request : ForTheStore()) ExpectBearable(target, request);
}

TEST(LargeRequest, AMillionElementsAreTooManyForThePlanner) {
  Target target("planner");
  for (const auto& request : ForThePlanner()) ExpectBearable(target, request);
}

// 8 KB that would be 8 MB: only what arrives is bounded by the largest message.
TEST(LargeRequest, AMessageThatUnpacksToFarMoreIsRefused) {
  const auto bomb = testing::ReadFile(LOADLINE_SOURCE_DIR "/tests/fixtures/attack/zeros_64_mib.gz");
  for (const auto* program : {"benchmark-store", "planner"}) {
    Target target(program);
    const auto before = target.ResidentKib();
    auto connection = target.Connect();
    connection.Send(Encode({.type = FrameType::kHeaders,
                            .flags = kEndHeaders,
                            .stream = 3,
                            .payload = HeaderBlock(CallHeaders(target.strict_path(), {{"grpc-encoding", "gzip"}}))}));
    connection.Send(DataFrames(3, GrpcMessage(bomb, 1), kEndStream));
    const auto answer = connection.Await(3, kPatience);
    const auto growth = target.ResidentKib() - before;
    std::cout << program << ": " << bomb.size() << " bytes, " << answer << ", grew by " << growth << " KiB\n";
    EXPECT_TRUE(answer.IsRefusal()) << answer;
    EXPECT_LT(growth, 16 * 1024);
    EXPECT_TRUE(target.TimeToAnswer());
  }
}

}  // namespace
}  // namespace loadline::attack
