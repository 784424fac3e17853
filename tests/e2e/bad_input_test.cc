#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <signal.h>

#include <filesystem>

#include "libs/rpc/channel.h"
#include "libs/testing/wait.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "tests/e2e/world.h"

/// Whatever comes in, a person learns what is wrong and what would be right,
/// and nothing is lost or half-written.
namespace loadline::e2e {
namespace {

namespace pb = ::loadline::benchmark::v1;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

// A command, and parts of what it must say.
struct BadInput {
  Words command;
  Words says;
};

// A plan that is right, but for what `wrong` adds or replaces.
Words Plan(const Words& wrong) {
  Words words = {"plan"};
  const std::vector<std::pair<std::string, std::string>> right = {
      {"--input-tokens", "512"}, {"--output-tokens", "256"}, {"--rps", "20"}, {"--slo", "ttft:p95<500ms"}};
  for (const auto& [flag, value] : right) {
    if (std::find(wrong.begin(), wrong.end(), flag) == wrong.end()) words.insert(words.end(), {flag, value});
  }
  words.insert(words.end(), wrong.begin(), wrong.end());
  return words;
}

// One benchmark row as teams have it.
nlohmann::json Row(double rps) {
  return {{"model_hf_repo", "acme/sail-7b"},
          {"hardware", "H100"},
          {"hardware_count", 1},
          {"framework", "vllm"},
          {"framework_version", "0.11.0"},
          {"mean_input_tokens", 512},
          {"mean_output_tokens", 256},
          {"prompt_tokens", 512},
          {"output_tokens", 256},
          {"requests_per_second", rps},
          {"responses_per_second", rps},
          {"tokens_per_second", 256 * rps},
          {"ttft_mean", 50},
          {"ttft_p90", 55},
          {"ttft_p95", 60},
          {"ttft_p99", 90},
          {"itl_mean", 8},
          {"itl_p95", 9},
          {"e2e_mean", 2090},
          {"e2e_p95", 2400}};
}

class BadInputTest : public ::testing::Test {
 protected:
  World world;

  std::string Write(const std::string& name, const std::string& content) {
    return world.folder().Write(name, content).string();
  }

  nlohmann::json Listed(const std::string& what) {
    return world.Loadline({"list", what, "--limit", "0", "-o", "json"}).Json();
  }

  void ExpectRefused(const BadInput& input) {
    const auto run = world.Loadline(input.command);
    std::string line = "loadline";
    for (const auto& word : input.command) line += " " + word;
    SCOPED_TRACE(line);
    EXPECT_EQ(run.status, 2) << run.out;
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_THAT(run.error, StartsWith("error: "));
    for (const auto& part : input.says) EXPECT_THAT(run.error, HasSubstr(part));
  }
};

TEST_F(BadInputTest, SloOfUnknownParts) {
  ExpectRefused({Plan({"--slo", "tps:p95<500ms"}), {"--slo: ", "tps", "ttft, itl"}});
  ExpectRefused({Plan({"--slo", "ttft:p96<500ms"}), {"--slo: ", "p96", "p95"}});
  ExpectRefused({Plan({"--slo", "ttft:p95<5min"}), {"--slo: ", "min", "ms"}});
  ExpectRefused({Plan({"--slo", "ttft:p95<0ms"}), {"--slo: ", "0"}});
  ExpectRefused({Plan({"--slo", "ttft:p95<nanms"}), {"--slo: "}});
  ExpectRefused({Plan({"--slo", ""}), {"--slo: "}});
}

TEST_F(BadInputTest, NumbersThatCannotBe) {
  for (const std::string number : {"0", "-5", "nan", "inf", "1e12"}) {
    ExpectRefused({Plan({"--input-tokens", number}), {"--input-tokens: "}});
    ExpectRefused({Plan({"--output-tokens", number}), {"--output-tokens: "}});
    ExpectRefused({Plan({"--rps", number}), {"--rps: "}});
    ExpectRefused({{"match", "--input-tokens", number, "--output-tokens", "9"}, {"--input-tokens: "}});
    ExpectRefused({{"match", "--input-tokens", "9", "--output-tokens", "9", "--rps", number}, {"--rps: "}});
    ExpectRefused({{"hardware", "set", "H100", "--price", "aws=" + number}, {"--price: "}});
    ExpectRefused({{"hardware", "set", "H100", "--memory-gib", number}, {"--memory-gib: "}});
  }
  ExpectRefused({Plan({"--headroom", "0.5"}), {"--headroom: ", "1"}});
  ExpectRefused({Plan({"--headroom", "nan"}), {"--headroom: "}});
  ExpectRefused({Plan({"--max-gpus", "H100=-1"}), {"--max-gpus H100: "}});
  ExpectRefused({Plan({"--top", "-1"}), {"--top: "}});
  ExpectRefused({{"list", "benchmarks", "--hardware-count", "0"}, {"--hardware-count: "}});
}

TEST_F(BadInputTest, AllMistakesAreNamedAtOnce) {
  ExpectRefused(
      {Plan({"--input-tokens", "0", "--rps", "-1", "--slo", "x"}), {"--input-tokens: ", "--rps: ", "--slo: "}});
}

TEST_F(BadInputTest, WhatIsMissingIsNamed) {
  ExpectRefused({{"plan", "--rps", "5", "--slo", "ttft:p95<1s"}, {"--input-tokens"}});
  ExpectRefused({{"plan", "--rps", "5", "--input-tokens", "9", "--output-tokens", "9"}, {"--slo: "}});
}

TEST_F(BadInputTest, UnknownNamesAreAnsweredWithTheClosest) {
  ExpectRefused({Plan({"--model", "llama-3.1-8b-instruct"}), {"meta-llama/llama-3.1-8b-instruct"}});
  ExpectRefused({Plan({"--hardware", "H1000"}), {"H1000", "H100"}});
  ExpectRefused({Plan({"--max-gpus", "H1000=4"}), {"H1000", "H100"}});
  ExpectRefused({Plan({"--use-case", "chatbto"}), {"chatbto", "chatbot"}});
  ExpectRefused(
      {{"match", "--input-tokens", "9", "--output-tokens", "9", "--model", "microsoft/phi4"}, {"microsoft/phi-4"}});
  ExpectRefused({{"match", "--input-tokens", "9", "--output-tokens", "9", "--hardware", "L40"}, {"L40S"}});
}

TEST_F(BadInputTest, BenchmarksThatAreNotThere) {
  ExpectRefused({{"get", "b-000000000000000000000000"}, {"b-000000000000000000000000"}});
  ExpectRefused({{"get", "seven"}, {"BENCHMARK_ID: ", "seven"}});
}

TEST_F(BadInputTest, APageTokenOfAnotherQuery) {
  const std::string token =
      world.Loadline({"list", "benchmarks", "--limit", "1", "-o", "json"}).Json()["next_page_token"];
  ASSERT_FALSE(token.empty());
  ExpectRefused(
      {{"list", "benchmarks", "--limit", "1", "--hardware", "H100", "--page-token", token}, {"--page-token: "}});
  ExpectRefused({{"list", "configurations", "--limit", "1", "--page-token", token}, {"--page-token: "}});
  ExpectRefused({{"list", "models", "--page-token", "nonsense"}, {"--page-token: "}});
}

TEST_F(BadInputTest, FilesThatAreNoReports) {
  const auto before = world.DataFile();
  const auto broken = Write("broken.json", "{\"benchmarks\": [\n  {\"a\": 1,}\n]}");
  ExpectRefused({{"import", broken}, {broken + ": ", "line 2", "column"}});
  ExpectRefused({{"import", Write("notes.txt", "Dear diary, today I measured nothing.\n")}, {"notes.txt: ", "report"}});
  ExpectRefused({{"import", Write("other.json", "{\"name\": \"package\"}")}, {"other.json: ", "report"}});
  ExpectRefused({{"import", Write("empty.json", "")}, {"empty.json: "}});
  ExpectRefused({{"import", Write("binary.json", std::string("PK\x03\x04\0\0", 6))}, {"binary.json: "}});
  ExpectRefused({{"import", "missing.json"}, {"missing.json: cannot be read: there is no such file"}});
  const auto empty = world.folder().path() / "empty";
  std::filesystem::create_directory(empty);
  ExpectRefused({{"import", empty.string()}, {"it is a folder without any file that may be a report"}});
  EXPECT_EQ(world.DataFile(), before);
}

TEST_F(BadInputTest, AReportInWhichEveryRequestFailed) {
  const auto path = Write("failed.json", nlohmann::json{{"model_id", "acme/sail-7b"},
                                                        {"backend", "vllm"},
                                                        {"completed", 0},
                                                        {"failed", 100},
                                                        {"num_prompts", 100},
                                                        {"request_rate", 5.0},
                                                        {"request_throughput", 0.0},
                                                        {"output_throughput", 0.0},
                                                        {"total_input_tokens", 0},
                                                        {"total_output_tokens", 0},
                                                        {"mean_ttft_ms", 0.0},
                                                        {"p99_ttft_ms", 0.0}}
                                             .dump());
  ExpectRefused({{"import", path, "--hardware", "H100", "--hardware-count", "1"}, {"failed.json: ", "no request"}});
}

TEST_F(BadInputTest, ReportsOfKindsThatAreOfNoUse) {
  for (const auto& entry : std::filesystem::directory_iterator(Source("tests/fixtures/reports/unusable"))) {
    ExpectRefused({{"import", entry.path().string(), "--hardware", "H100"}, {entry.path().filename().string() + ": "}});
  }
}

TEST_F(BadInputTest, AReportThatDoesNotSayItsHardware) {
  ExpectRefused({{"import", Source("data/samples/guidellm-llama-3.1-8b-mi300x.json")}, {"--hardware"}});
}

TEST_F(BadInputTest, BadRowsAreQuarantinedAndTheRestGoesIn) {
  auto rows = nlohmann::json::array({Row(1), Row(2), Row(3), Row(4)});
  rows[1].erase("mean_input_tokens");
  rows[1].erase("prompt_tokens");
  rows[2]["ttft_p90"] = 500;  // above p95
  rows[3]["itl_mean"] = "fast";
  const auto path = Write("mixed.json", nlohmann::json{{"benchmarks", rows}}.dump());
  const auto run = world.Loadline({"import", path});
  EXPECT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.out, AllOf(HasSubstr("MISSING_FIELD"), HasSubstr("PERCENTILES_NOT_MONOTONE"), HasSubstr("fast")));
  EXPECT_EQ(Listed("quarantined")["rows"].size(), 3U);
  EXPECT_EQ(world.Loadline({"list", "benchmarks", "--model", "acme/sail-7b", "-o", "json"}).Json()["benchmarks"].size(),
            1U);
  const auto again = world.Loadline({"import", path, "-o", "json"}).Json();
  EXPECT_EQ(again["accepted_count"], "0");
  EXPECT_EQ(Listed("quarantined")["rows"].size(), 3U) << "the same row is quarantined once";
}

TEST_F(BadInputTest, AFileThatFailsDoesNotStopTheOthers) {
  const auto good = Write("good.json", nlohmann::json{{"benchmarks", {Row(1)}}}.dump());
  const auto run = world.Loadline({"import", "missing.json", good});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("missing.json"));
  EXPECT_EQ(world.Loadline({"list", "benchmarks", "--model", "acme/sail-7b", "-o", "json"}).Json()["benchmarks"].size(),
            1U);
}

// Sends rows of the data set under another model, and no commit.
grpc::Status ImportCutOff(const std::string& address, bool cancel) {
  const auto stub = pb::BenchmarkService::NewStub(rpc::MakeChannel(address));
  grpc::ClientContext context;
  rpc::SetDeadline(context, std::chrono::seconds(30));
  pb::ImportBenchmarksResponse response;
  const auto stream = stub->ImportBenchmarks(&context, &response);
  pb::ImportBenchmarksRequest message;
  auto* row = message.mutable_rows()->add_rows()->mutable_benchmark();
  row->mutable_configuration()->set_model_hf_repo("acme/half");
  for (int i = 0; i < 50; ++i) stream->Write(message);
  if (cancel) {
    context.TryCancel();
  } else {
    stream->WritesDone();
  }
  return stream->Finish();
}

TEST_F(BadInputTest, AnImportThatIsCutOffChangesNothing) {
  const auto before = world.DataFile();
  const auto listed = Listed("benchmarks");
  EXPECT_EQ(ImportCutOff(world.store_address(), false).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ImportCutOff(world.store_address(), true).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(Listed("benchmarks"), listed);
  EXPECT_EQ(Listed("quarantined")["rows"].size(), 0U);
  EXPECT_EQ(world.DataFile(), before);
}

TEST_F(BadInputTest, AStoreThatIsKilledKeepsItsLastDataSet) {
  const auto good = Write("good.json", nlohmann::json{{"benchmarks", {Row(1)}}}.dump());
  ASSERT_EQ(world.Loadline({"import", good}).status, 0);
  const auto listed = Listed("benchmarks");
  world.store().Signal(SIGKILL);
  ASSERT_TRUE(world.store().Wait());
  world.RestartStore();
  EXPECT_EQ(Listed("benchmarks"), listed);
}

TEST_F(BadInputTest, ADataFileThatCannotBeWritten) {
  const auto good = Write("good.json", nlohmann::json{{"benchmarks", {Row(1)}}}.dump());
  // Without its folder no user can write the file, not even root.
  std::filesystem::rename(world.folder() / "data", world.folder() / "elsewhere");
  ExpectRefused({{"import", good}, {"good.json: ", "write"}});
  ExpectRefused({{"hardware", "set", "H100", "--price", "aws=1.5"}, {"write"}});
  EXPECT_EQ(world.Loadline({"list", "benchmarks", "--model", "acme/sail-7b"}).out, "There are none.\n");
}

}  // namespace
}  // namespace loadline::e2e
