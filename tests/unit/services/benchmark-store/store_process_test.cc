#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "libs/json/benchmark_json.h"
#include "libs/rpc/channel.h"
#include "libs/testing/matchers.h"
#include "libs/testing/process.h"
#include "libs/testing/wait.h"
#include "libs/wire/benchmark_wire.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

using loadline::testing::Process;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = benchmark::v1;

constexpr char kBinary[] = LOADLINE_BINARY_DIR "/bin/benchmark-store";
constexpr std::chrono::seconds kPatience(60);

std::string OneRow() { return "[" + loadline::json::WriteMeasurement(Sample({})).dump() + "]"; }

std::map<std::string, std::string> Environment(const StoreFolder& folder) {
  return {{"LISTEN_ADDRESS", "127.0.0.1:0"}, {"DATA_DIR", folder.path().string()}};
}

std::unique_ptr<pb::BenchmarkService::Stub> ClientOf(Process& store) {
  return pb::BenchmarkService::NewStub(rpc::MakeChannel("127.0.0.1:" + std::to_string(store.Port())));
}

std::unique_ptr<grpc::ClientContext> Context() {
  auto context = std::make_unique<grpc::ClientContext>();
  rpc::SetDeadline(*context, kPatience);
  return context;
}

pb::ListBenchmarksResponse List(pb::BenchmarkService::Stub& client) {
  pb::ListBenchmarksResponse response;
  EXPECT_TRUE(client.ListBenchmarks(Context().get(), {}, &response).ok());
  return response;
}

pb::ImportBenchmarksRequest RowsMessage(int count) {
  pb::ImportBenchmarksRequest message;
  for (int row = 0; row < count; ++row) {
    wire::ToProto(Sample({.rate = 2.0 + row}), message.mutable_rows()->add_rows()->mutable_benchmark());
  }
  return message;
}

TEST(StoreProcess, ServesAndEndsWithZeroOnSigterm) {
  const StoreFolder folder(OneRow());
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(List(*ClientOf(store)).benchmarks_size(), 1);
  const auto config = store.WaitForEvent("config");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ((*config)["DATA_DIR"], folder.path().string());
  store.Signal(SIGTERM);
  EXPECT_EQ(store.Wait(), 0);
}

TEST(StoreProcess, EndsPromptlyThoughSomebodyWatches) {
  const StoreFolder folder;
  auto environment = Environment(folder);
  environment["SHUTDOWN_GRACE_MS"] = "600000";
  Process store({.binary = kBinary, .environment = environment});
  const auto client = ClientOf(store);
  const auto context = Context();
  const auto reader = client->WatchChanges(context.get(), {});
  pb::WatchChangesResponse message;
  ASSERT_TRUE(reader->Read(&message));
  store.Signal(SIGTERM);
  // Only a client that reads learns that the connection is to be closed.
  while (reader->Read(&message)) continue;
  EXPECT_EQ(store.Wait(), 0);
}

TEST(StoreProcess, AKillInTheMiddleOfAnImportLeavesTheOldData) {
  const StoreFolder folder(OneRow());
  {
    Process store({.binary = kBinary, .environment = Environment(folder)});
    const auto client = ClientOf(store);
    const auto context = Context();
    pb::ImportBenchmarksResponse response;
    const auto writer = client->ImportBenchmarks(context.get(), &response);
    for (int message = 0; message < 5; ++message) ASSERT_TRUE(writer->Write(RowsMessage(200)));
    store.Signal(SIGKILL);
    ASSERT_EQ(store.Wait(), 128 + SIGKILL);
    EXPECT_FALSE(writer->Finish().ok());
  }
  EXPECT_EQ(folder.Read("benchmarks.json"), OneRow());
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(List(*ClientOf(store)).benchmarks_size(), 1);
}

/// A pipe in place of the temporary file: the store blocks in the middle of
/// writing, as soon as the pipe is full.
class StuckWrite {
 public:
  explicit StuckWrite(const StoreFolder& folder) : path_((folder / "benchmarks.json.tmp").string()) {
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    pipe_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~StuckWrite() { ::close(pipe_); }

  bool HasBegun() const {
    pollfd waiting = {.fd = pipe_, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0;
  }

 private:
  const std::string path_;
  int pipe_ = -1;
};

TEST(StoreProcess, AKillInTheMiddleOfWritingLeavesTheOldData) {
  const StoreFolder folder(OneRow());
  {
    Process store({.binary = kBinary, .environment = Environment(folder)});
    const auto client = ClientOf(store);
    const StuckWrite stuck(folder);
    const auto context = Context();
    pb::ImportBenchmarksResponse response;
    const auto writer = client->ImportBenchmarks(context.get(), &response);
    ASSERT_TRUE(writer->Write(RowsMessage(500)));
    pb::ImportBenchmarksRequest commit;
    commit.mutable_commit()->set_row_count(500);
    ASSERT_TRUE(writer->Write(commit));
    ASSERT_TRUE(loadline::testing::WaitFor([&] { return stuck.HasBegun(); }));
    EXPECT_EQ(List(*client).benchmarks_size(), 1) << "readers see the old data meanwhile";
    store.Signal(SIGKILL);
    ASSERT_EQ(store.Wait(), 128 + SIGKILL);
    EXPECT_FALSE(writer->Finish().ok());
  }
  EXPECT_EQ(folder.Read("benchmarks.json"), OneRow());
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(List(*ClientOf(store)).benchmarks_size(), 1);
}

TEST(StoreProcess, AKillRightAfterAnAnswerLosesNothing) {
  const StoreFolder folder(OneRow());
  {
    Process store({.binary = kBinary, .environment = Environment(folder)});
    const auto client = ClientOf(store);
    const auto context = Context();
    pb::ImportBenchmarksResponse response;
    const auto writer = client->ImportBenchmarks(context.get(), &response);
    ASSERT_TRUE(writer->Write(RowsMessage(7)));
    pb::ImportBenchmarksRequest commit;
    commit.mutable_commit()->set_row_count(7);
    ASSERT_TRUE(writer->Write(commit));
    ASSERT_TRUE(writer->Finish().ok());
    store.Signal(SIGKILL);
    ASSERT_EQ(store.Wait(), 128 + SIGKILL);
  }
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(List(*ClientOf(store)).benchmarks_size(), 8);
}

TEST(StoreProcess, ASecondStoreOnTheSameDataEndsWithTwo) {
  const StoreFolder folder;
  Process first({.binary = kBinary, .environment = Environment(folder)});
  first.Port();
  Process second({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(second.Wait(), 2);
  EXPECT_THAT(second.ErrorOutput(), HasSubstr("Another benchmark-store uses"));
}

TEST(StoreProcess, AMissingDataFileEndsWithTwoAndSaysWhatToSet) {
  const StoreFolder folder;
  std::filesystem::remove(folder.benchmarks());
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(store.Wait(), 2);
  EXPECT_THAT(store.ErrorOutput(), HasSubstr("BENCHMARK_JSON_PATH"));
}

TEST(StoreProcess, AMalformedDataFileEndsWithTwoAndSaysWhere) {
  const StoreFolder folder("{\"benchmarks\": [\n\n{]}");
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(store.Wait(), 2);
  EXPECT_THAT(store.ErrorOutput(), AllOf(HasSubstr("benchmarks.json"), HasSubstr("line 3"), HasSubstr("column")));
}

TEST(StoreProcess, BadRowsOfTheDataFileAreLoggedNotFatal) {
  const StoreFolder folder("[" + loadline::json::WriteMeasurement(BadSample({})).dump() + "]");
  Process store({.binary = kBinary, .environment = Environment(folder)});
  EXPECT_EQ(List(*ClientOf(store)).benchmarks_size(), 0);
  const auto warning = store.WaitForEvent("rows_refused");
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ((*warning)["rows"], "1");
}

TEST(StoreProcess, AWrongConfigurationEndsWithTwo) {
  Process store({.binary = kBinary, .environment = {{"BENCHMARK_SOURCE", "postgresql"}, {"MAX_CALL_MS", "soon"}}});
  EXPECT_EQ(store.Wait(), 2);
  EXPECT_THAT(store.ErrorOutput(), AllOf(HasSubstr("DATABASE_URL"), HasSubstr("MAX_CALL_MS")));
}

TEST(StoreProcess, ATakenAddressEndsWithTwo) {
  const StoreFolder first_folder;
  Process first({.binary = kBinary, .environment = Environment(first_folder)});
  const StoreFolder folder;
  auto environment = Environment(folder);
  environment["LISTEN_ADDRESS"] = "127.0.0.1:" + std::to_string(first.Port());
  Process second({.binary = kBinary, .environment = environment});
  EXPECT_EQ(second.Wait(), 2);
  EXPECT_THAT(second.ErrorOutput(), HasSubstr("Cannot listen"));
}

TEST(StoreProcess, ExplainsItself) {
  Process help({.binary = kBinary, .arguments = {"--help"}});
  EXPECT_EQ(help.Wait(), 0);
  EXPECT_THAT(help.Output(), HasSubstr("BENCHMARK_JSON_PATH"));
  Process version({.binary = kBinary, .arguments = {"--version"}});
  EXPECT_EQ(version.Wait(), 0);
  EXPECT_THAT(version.Output(), HasSubstr("benchmark-store 0."));
  Process unknown({.binary = kBinary, .arguments = {"--port=1"}});
  EXPECT_EQ(unknown.Wait(), 2);
}

}  // namespace
}  // namespace loadline::store
