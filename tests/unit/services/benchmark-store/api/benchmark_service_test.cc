#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "libs/rpc/log.h"
#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/unit/services/benchmark-store/api/running_store.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using loadline::testing::WaitFor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace pb = benchmark::v1;
using Stub = pb::BenchmarkService::Stub;

class BenchmarkServiceTest : public ::testing::Test {
 protected:
  pb::ListBenchmarksResponse List(const pb::ListBenchmarksRequest& request) {
    pb::ListBenchmarksResponse response;
    EXPECT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::ListBenchmarks, request, &response), std::nullopt);
    return response;
  }
  int Count() { return List({}).benchmarks_size(); }

  RunningStore store_;
};

std::unique_ptr<grpc::ClientContext> Context() {
  auto context = std::make_unique<grpc::ClientContext>();
  rpc::SetDeadline(*context, RunningStore::kPatience);
  return context;
}

TEST_F(BenchmarkServiceTest, ListsInPagesThatKeepTheirRevision) {
  store_.Import({{.rate = 1}, {.rate = 2}, {.rate = 3}});
  pb::ListBenchmarksRequest request;
  request.set_page_size(2);
  const auto first = List(request);
  EXPECT_EQ(first.benchmarks_size(), 2);
  store_.Import({{.rate = 2.5}, {.rate = 4}});
  request.set_page_token(first.next_page_token());
  const auto second = List(request);
  ASSERT_EQ(second.benchmarks_size(), 1);
  EXPECT_EQ(second.benchmarks(0).load().responses_per_second(), 3);
  EXPECT_EQ(second.revision(), first.revision());
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

TEST_F(BenchmarkServiceTest, ListsAHundredBenchmarksUnlessToldOtherwise) {
  std::vector<SampleOptions> rows;
  rows.reserve(150);
  for (int row = 0; row < 150; ++row) rows.push_back({.rate = 1.0 + row});
  store_.Import(rows);
  EXPECT_EQ(Count(), 100);
  pb::ListBenchmarksRequest request;
  request.set_page_size(2'000'000);
  EXPECT_EQ(List(request).benchmarks_size(), 150);
}

TEST_F(BenchmarkServiceTest, ListsAsOfARevision) {
  const auto first = store_.Import({{.rate = 1}}).revision();
  store_.Import({{.rate = 2}});
  pb::ListBenchmarksRequest request;
  request.set_revision(first);
  EXPECT_EQ(List(request).benchmarks_size(), 1);
}

TEST_F(BenchmarkServiceTest, FiltersAreCaseInsensitiveAndKnowAliases) {
  store_.Import({{.model = "org/model-a", .hardware = "H100"}, {.model = "b", .hardware = "L4"}});
  pb::ListBenchmarksRequest request;
  request.mutable_filter()->set_model_hf_repo("Org/Model-A");
  request.mutable_filter()->set_hardware("h100-sxm");
  request.mutable_filter()->set_framework("VLLM");
  request.mutable_filter()->set_precision("BF16");
  EXPECT_EQ(List(request).benchmarks_size(), 1);
}

TEST_F(BenchmarkServiceTest, GetsWhatWasImported) {
  store_.Import({{}});
  const auto listed = List({}).benchmarks(0);
  pb::GetBenchmarkRequest request;
  request.set_id(listed.id());
  pb::GetBenchmarkResponse response;
  ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::GetBenchmark, request, &response), std::nullopt);
  EXPECT_EQ(wire::MeasurementFromProto(response.benchmark()), Sample({}));
  EXPECT_EQ(response.benchmark().SerializeAsString(), listed.SerializeAsString());
}

TEST_F(BenchmarkServiceTest, ListsConfigurations) {
  store_.Import({{.model = "a"}, {.model = "a", .rate = 2}, {.model = "b", .origin = domain::Origin::kSynthetic}});
  pb::ListConfigurationsRequest request;
  request.set_page_size(1);
  pb::ListConfigurationsResponse first;
  ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::ListConfigurations, request, &first), std::nullopt);
  ASSERT_EQ(first.configurations_size(), 1);
  EXPECT_EQ(first.configurations(0).benchmark_count(), 2);
  EXPECT_EQ(first.configurations(0).shapes(0).input_tokens(), 512);
  request.set_page_token(first.next_page_token());
  pb::ListConfigurationsResponse second;
  ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::ListConfigurations, request, &second), std::nullopt);
  EXPECT_THAT(second.configurations(0).origins(), ElementsAre(pb::ORIGIN_SYNTHETIC));
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

TEST_F(BenchmarkServiceTest, FindsTheClosest) {
  const auto revision = store_.Import({{.rate = 1}, {.rate = 5}, {.input_tokens = 4000}}).revision();
  pb::FindClosestBenchmarkRequest request;
  request.mutable_shape()->set_input_tokens(256);
  request.mutable_shape()->set_output_tokens(256);
  request.set_requests_per_second(4);
  pb::FindClosestBenchmarkResponse response;
  ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::FindClosestBenchmark, request, &response), std::nullopt);
  EXPECT_EQ(response.distance(), 1);
  EXPECT_EQ(response.benchmark().load().responses_per_second(), 5);
  EXPECT_EQ(response.revision(), revision);
}

TEST_F(BenchmarkServiceTest, ImportsOverManyMessages) {
  const auto response = store_.Send({RunningStore::Rows({Sample({.rate = 1}), BadSample({})}), RunningStore::Rows({}),
                                     RunningStore::Rows({Sample({.rate = 2, .saturated = true}), Sample({.rate = 1})}),
                                     RunningStore::Commit(4)});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->accepted_count(), 2);
  EXPECT_EQ(response->already_present_count(), 1);
  EXPECT_EQ(response->quarantined_count(), 1);
  EXPECT_EQ(response->saturated_count(), 1);
  EXPECT_EQ(response->quarantine_counts(0).reason(), "NEGATIVE_VALUE");
  EXPECT_EQ(response->quarantine_counts(0).row_count(), 1);
  EXPECT_EQ(response->quarantined(0).location(), "line 1");
  EXPECT_EQ(response->revision(), 2);
  EXPECT_EQ(Count(), 2);
}

TEST_F(BenchmarkServiceTest, ImportsProblemsIntoQuarantine) {
  auto message = RunningStore::Rows({Sample({})});
  message.mutable_rows()->mutable_rows(0)->add_problems("itl_mean: not a number: \"?\"");
  const auto response = store_.Send({message, RunningStore::Commit(1)});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->accepted_count(), 0);
  EXPECT_EQ(response->quarantined(0).reasons(0).field(), "itl_mean");
  EXPECT_EQ(response->quarantined(0).reasons(0).reason(), "UNREADABLE_VALUE");
}

TEST_F(BenchmarkServiceTest, ValidatesOnly) {
  const auto response = store_.Send({RunningStore::Rows({Sample({})}), RunningStore::Commit(1, true)});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->accepted_count(), 1);
  EXPECT_EQ(response->revision(), 1) << "unchanged";
  EXPECT_EQ(Count(), 0);
}

TEST_F(BenchmarkServiceTest, OnlyAnImportThatIsStoredIsLoggedAsOne) {
  rpc::ConfigureLog("test", "json", "info");
  const auto log_of = [this](bool validate_only) {
    ::testing::internal::CaptureStderr();
    EXPECT_THAT(store_.Send({RunningStore::Rows({Sample({})}), RunningStore::Commit(1, validate_only)}), IsOk());
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(log_of(true), Not(HasSubstr("\"event\":\"import\"")));
  EXPECT_THAT(log_of(false), HasSubstr("\"event\":\"import\""));
}

TEST_F(BenchmarkServiceTest, AStreamWithoutCommitChangesNothing) {
  const auto response = store_.Send({RunningStore::Rows({Sample({})})});
  EXPECT_THAT(response, HasViolation("commit"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(BenchmarkServiceTest, AStreamThatIsCancelledChangesNothing) {
  {
    const auto context = Context();
    pb::ImportBenchmarksResponse response;
    const auto writer = store_.benchmarks->ImportBenchmarks(context.get(), &response);
    ASSERT_TRUE(writer->Write(RunningStore::Rows({Sample({})})));
    context->TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(Count(), 0);
}

TEST_F(BenchmarkServiceTest, RepeatingAnImportAddsNothing) {
  store_.Import({{}});
  const auto again = store_.Import({{}});
  EXPECT_EQ(again.accepted_count(), 0);
  EXPECT_EQ(again.already_present_count(), 1);
  EXPECT_EQ(again.revision(), 2);
}

TEST_F(BenchmarkServiceTest, AnImportThatCannotBeWrittenSaysSoAndChangesNothing) {
  store_.storage.folder.BlockWritesOf("benchmarks.json");
  const auto response = store_.Send({RunningStore::Rows({Sample({})}), RunningStore::Commit(1)});
  EXPECT_THAT(response, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_EQ(Count(), 0);
}

TEST_F(BenchmarkServiceTest, ListsQuarantinedRowsInPages) {
  ASSERT_THAT(
      store_.Send({RunningStore::Rows({BadSample({.rate = 1}), BadSample({.rate = 2})}), RunningStore::Commit(2)}),
      IsOk());
  pb::ListQuarantinedRequest request;
  request.set_page_size(1);
  std::vector<std::string> ids;
  do {
    pb::ListQuarantinedResponse response;
    ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::ListQuarantined, request, &response), std::nullopt);
    for (const auto& row : response.rows()) ids.push_back(row.id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, SizeIs(2));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST_F(BenchmarkServiceTest, AWatchTellsOfAnImport) {
  store_.Import({{.model = "a"}});
  const auto context = Context();
  const auto reader = store_.benchmarks->WatchChanges(context.get(), {});
  pb::WatchChangesResponse first;
  ASSERT_TRUE(reader->Read(&first));
  EXPECT_THAT(first.changed_models(), ElementsAre("a"));
  EXPECT_TRUE(first.catalog_changed());
  store_.Import({{.model = "b"}});
  pb::WatchChangesResponse message;
  do {
    ASSERT_TRUE(reader->Read(&message));
  } while (message.changed_models().empty());
  EXPECT_THAT(message.changed_models(), ElementsAre("b"));
  EXPECT_EQ(message.revision(), first.revision() + 1);
  context->TryCancel();
}

TEST_F(BenchmarkServiceTest, AWatchGoesOnFromAPosition) {
  store_.Import({{.model = "a"}});
  pb::WatchChangesRequest request;
  {
    const auto context = Context();
    const auto reader = store_.benchmarks->WatchChanges(context.get(), request);
    pb::WatchChangesResponse seen;
    ASSERT_TRUE(reader->Read(&seen));
    request.set_after_revision(seen.revision());
    request.set_after_snapshot_id(seen.snapshot_id());
    context->TryCancel();
  }
  store_.Import({{.model = "b"}});
  const auto context = Context();
  const auto reader = store_.benchmarks->WatchChanges(context.get(), request);
  pb::WatchChangesResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_THAT(message.changed_models(), ElementsAre("b"));
  EXPECT_FALSE(message.reset());
  EXPECT_FALSE(message.catalog_changed());
  context->TryCancel();
}

TEST_F(BenchmarkServiceTest, StopDoesNotWaitForWatchers) {
  const auto context = Context();
  const auto reader = store_.benchmarks->WatchChanges(context.get(), {});
  pb::WatchChangesResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_LT(store_.Stop(), RunningStore::kPatience / 2);
  while (reader->Read(&message)) continue;
  EXPECT_THAT(rpc::FromGrpcStatus(reader->Finish()), Fails(ErrorCode::kUnavailable, "SHUTTING_DOWN"));
}

TEST(ImportTime, AStreamThatStallsIsEndedAndChangesNothing) {
  const RunningStore store({}, std::chrono::milliseconds(50));
  const auto context = Context();
  pb::ImportBenchmarksResponse response;
  const auto writer = store.benchmarks->ImportBenchmarks(context.get(), &response);
  ASSERT_TRUE(writer->Write(RunningStore::Rows({Sample({})})));
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(store.storage.store->Current()->rows.size(), 0U);
}

TEST(WatchChanges, EndsWellWhenItIsAsOldAsAConnectionMayBe) {
  RunningStore store({.heartbeat = std::chrono::milliseconds(5), .longest_watch = std::chrono::milliseconds(20)});
  const auto context = Context();
  const auto reader = store.benchmarks->WatchChanges(context.get(), {});
  pb::WatchChangesResponse response;
  int messages = 0;
  while (reader->Read(&response)) ++messages;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_GE(messages, 1);
}

TEST(WatchLimit, OneWatcherTooManyIsToldToRetry) {
  RunningStore store({.max_watchers = 1, .heartbeat = std::chrono::milliseconds(5)});
  auto first_context = Context();
  auto first = store.benchmarks->WatchChanges(first_context.get(), {});
  pb::WatchChangesResponse message;
  ASSERT_TRUE(first->Read(&message));
  const auto watch = [&]() -> std::optional<base::Error> {
    const auto context = Context();
    const auto reader = store.benchmarks->WatchChanges(context.get(), {});
    pb::WatchChangesResponse response;
    if (reader->Read(&response)) {
      context->TryCancel();
      return std::nullopt;
    }
    return rpc::FromGrpcStatus(reader->Finish());
  };
  const auto refused = watch();
  ASSERT_TRUE(refused.has_value());
  EXPECT_THAT(*refused, Fails(ErrorCode::kResourceExhausted, "TOO_MANY_WATCHERS"));
  EXPECT_TRUE(refused->retry_after.has_value());
  first_context->TryCancel();
  EXPECT_TRUE(WaitFor([&] { return !watch().has_value(); })) << "a place comes free when a watcher goes";
}

}  // namespace
}  // namespace loadline::store
