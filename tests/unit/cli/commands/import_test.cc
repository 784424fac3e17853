#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "libs/testing/temp_dir.h"
#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Import : public CommandTest {
 protected:
  testing::TempDir folder;

  // A report with this many rows, each at another rate.
  std::string Report(const std::string& name, int rows) {
    nlohmann::json list = nlohmann::json::array();
    for (int i = 1; i <= rows; ++i) {
      list.push_back({{"model_hf_repo", "acme/sail-7b"},
                      {"hardware", "H100"},
                      {"hardware_count", 1},
                      {"framework", "vllm"},
                      {"framework_version", "0.11.0"},
                      {"prompt_tokens", 512},
                      {"output_tokens", 256},
                      {"mean_input_tokens", 512},
                      {"mean_output_tokens", 256},
                      {"requests_per_second", i},
                      {"responses_per_second", i},
                      {"tokens_per_second", 256.0 * i},
                      {"ttft_mean", 50},
                      {"ttft_p95", 60},
                      {"itl_mean", 8},
                      {"itl_p95", 9},
                      {"e2e_mean", 2000},
                      {"e2e_p95", 2300},
                      {"source", "synthetic"}});
    }
    return folder.Write(name, nlohmann::json{{"benchmarks", list}}.dump()).string();
  }

  std::vector<benchmark_api::ImportBenchmarksRequest>& Messages() { return services.benchmarks.import.requests; }
};

TEST_F(Import, StreamsRowsInChunksAndCommitsTheirNumber) {
  const auto run = Loadline({"import", Report("a.json", 1'201)});
  ASSERT_EQ(run.status, 0) << run.error;
  ASSERT_THAT(Messages(), SizeIs(4));
  EXPECT_EQ(Messages()[0].rows().rows_size(), 500);
  EXPECT_EQ(Messages()[1].rows().rows_size(), 500);
  EXPECT_EQ(Messages()[2].rows().rows_size(), 201);
  EXPECT_EQ(Messages()[3].commit().row_count(), 1'201);
  EXPECT_FALSE(Messages()[3].commit().validate_only());
  EXPECT_EQ(Messages()[2].rows().rows(200).benchmark().load().requests_per_second(), 1'201);
}

TEST_F(Import, RowsCarryTheirPlaceInTheFile) {
  Loadline({"import", Report("a.json", 3)});
  EXPECT_THAT(Messages().at(0).rows().rows(2).location(), HasSubstr("2"));
}

TEST_F(Import, ADryRunValidatesOnlyAndSaysSo) {
  const auto run = Loadline({"import", "--dry-run", Report("a.json", 1)});
  EXPECT_TRUE(Messages().at(1).commit().validate_only());
  EXPECT_THAT(run.out, HasSubstr("Dry run: nothing was stored."));
}

TEST_F(Import, SaysThatSyntheticRowsAreSynthetic) {
  EXPECT_THAT(Loadline({"import", Report("a.json", 2)}).out,
              HasSubstr("All data in this file is synthetic (generated from a performance model, not measured)."));
}

TEST_F(Import, AFileThatFailsDoesNotStopTheOthers) {
  const std::string broken = folder.Write("broken.json", "{\"benchmarks\": [").string();
  const std::string missing = (folder / "missing.json").string();
  const auto run = Loadline({"import", missing, broken, Report("good.json", 2)});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("error: " + missing + ": cannot be read: there is no such file"),
                               HasSubstr("error: " + broken + ": ")));
  EXPECT_THAT(run.out, HasSubstr("good.json"));
  EXPECT_EQ(Messages().back().commit().row_count(), 2);
}

TEST_F(Import, AStoreThatRefusesIsBadInput) {
  services.benchmarks.import.failure =
      rpc::ToGrpcStatus(base::FailedPrecondition("DATA_NOT_WRITABLE", "The store cannot write its data file."));
  const auto run = Loadline({"import", Report("a.json", 2'000)});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("The store cannot write its data file."));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(Import, AStoreThatIsAwayIsStatus3) {
  variables["LOADLINE_STORE"] = "127.0.0.1:1";
  EXPECT_EQ(Loadline({"import", Report("a.json", 2)}).status, 3);
}

TEST_F(Import, ProgressIsDrawnOnATerminalOnly) {
  const auto report = Report("a.json", 3);
  EXPECT_THAT(Loadline({"import", report}).error, IsEmpty());
  error_is_terminal = true;
  EXPECT_THAT(Loadline({"import", report}).error, HasSubstr("100 %"));
}

TEST_F(Import, TheBarShowsWhatTheStoreHasReceivedAndThenWhatItHasMerged) {
  error_is_terminal = true;
  const auto error = Loadline({"import", Report("a.json", 1'000)}).error;
  const auto received = error.find("50 %  500 of 1,000 rows  /");
  const auto merged = error.find("100 %  1,000 of 1,000 rows  merging /");
  ASSERT_NE(received, error.npos) << error;
  ASSERT_NE(merged, error.npos) << error;
  EXPECT_LT(received, merged);
}

TEST_F(Import, AStoreThatDoesNotTellItsProgressIsImportedToAllTheSame) {
  services.benchmarks.is_older = true;
  error_is_terminal = true;
  const auto run = Loadline({"import", Report("a.json", 1'000)});
  EXPECT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.error, HasSubstr("50 %  500 of 1,000 rows"));
  ASSERT_THAT(Messages(), SizeIs(3));
  EXPECT_EQ(Messages()[2].commit().row_count(), 1'000);
}

TEST_F(Import, AByteOrderMarkIsSkipped) {
  const auto plain = testing::ReadFile(Report("a.json", 1));
  const auto marked = folder.Write("marked.json", "\xEF\xBB\xBF" + plain).string();
  EXPECT_EQ(Loadline({"import", marked}).status, 0);
}

TEST_F(Import, JsonIsTheSummaryOfEachFile) {
  services.benchmarks.import.answers.emplace_back().set_accepted_count(7);
  const auto run = Loadline({"import", Report("a.json", 1), "-o", "json"});
  EXPECT_THAT(run.out, StartsWith("{"));
  EXPECT_EQ(nlohmann::json::parse(run.out)["accepted_count"], "7");
}

/// A report that names neither hardware nor framework.
std::string VllmResult(double rate) {
  return nlohmann::json{{"model_id", "acme/sail-7b"},
                        {"completed", 100},
                        {"request_rate", rate},
                        {"request_throughput", rate},
                        {"output_throughput", 256 * rate},
                        {"total_input_tokens", 51'200},
                        {"total_output_tokens", 25'600},
                        {"mean_ttft_ms", 50.0},
                        {"p99_ttft_ms", 60.0},
                        {"mean_tpot_ms", 8.0},
                        {"mean_itl_ms", 8.0},
                        {"p99_itl_ms", 9.0}}
      .dump();
}

TEST_F(Import, WhatSeveralFilesLackIsAskedForOnce) {
  folder.Write("a.json", VllmResult(1));
  folder.Write("b.json", VllmResult(2));
  const auto run = Loadline({"import", folder.path().string()});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("--hardware: 2 files do not name the GPU type: "), HasSubstr("a.json, "),
                               HasSubstr("--hardware-count: 2 files"), HasSubstr("--framework: 2 files")));
  EXPECT_EQ(std::count(run.error.begin(), run.error.end(), '\n'), 3);
  EXPECT_THAT(Messages(), IsEmpty());
}

TEST_F(Import, PathsAndAMetaFileSayWhatReportsDoNotAndFlagsWin) {
  folder.Write("meta.yaml", "hardware: A100\nframework: vllm\nframework_version: v0.11.0\n");
  folder.Write("H100_tp4.json", VllmResult(1));
  folder.Write("other_tp2.json", VllmResult(2));
  const auto run = Loadline({"import", folder.path().string(), "--from-path",
                             "/((?<hardware>[A-Z][0-9]+)|other)_tp(?<tp>[0-9]+)", "--precision", "fp8"});
  ASSERT_EQ(run.status, 0) << run.error;
  const auto& first = Messages().at(0).rows().rows(0).benchmark().configuration();
  EXPECT_EQ(first.hardware(), "H100");
  EXPECT_EQ(first.hardware_count(), 4);
  EXPECT_EQ(first.framework_version(), "0.11.0");
  EXPECT_EQ(first.precision(), "fp8");
  EXPECT_EQ(Messages().at(2).rows().rows(0).benchmark().configuration().hardware(), "A100");
  Messages().clear();
  ASSERT_EQ(
      Loadline({"import", (folder / "H100_tp4.json").string(), "--hardware", "L4", "--hardware-count", "1"}).status, 0);
  EXPECT_EQ(Messages().at(0).rows().rows(0).benchmark().configuration().hardware(), "L4");
}

TEST_F(Import, AMetaFileWithAMistakeIsNamed) {
  folder.Write("meta.yaml", "hardwre: A100\n");
  const std::string report = folder.Write("a.json", VllmResult(1)).string();
  const auto run = Loadline({"import", report});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("meta.yaml"), HasSubstr("hardwre"), HasSubstr("Did you mean `hardware`")));
}

TEST_F(Import, AnExpressionWithoutSettingsIsRefused) {
  for (const char* expression : {"(", "no groups", "(?<colour>red)"}) {
    const auto run = Loadline({"import", "--from-path", expression, "x.json"});
    EXPECT_EQ(run.status, 2) << expression;
    EXPECT_THAT(run.error, HasSubstr("--from-path")) << expression;
  }
}

TEST_F(Import, PassesOverWhatIsNoReportInAFolderOnly) {
  Report("a.json", 1);
  const std::string other = folder.Write("package.json", "{\"name\": \"package\"}").string();
  const auto run = Loadline({"import", folder.path().string()});
  EXPECT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("package.json"), HasSubstr("skipped"), HasSubstr("Files that were passed over")));
  EXPECT_EQ(Loadline({"import", other}).status, 2);
}

TEST_F(Import, ALargeFileIsReadWithoutItsRequests) {
  // Larger than what is read rather than mapped, nearly all of it requests.
  std::string requests;
  requests.resize(70'000'000, ' ');
  const std::string report =
      testing::ReadFile(std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/fixtures/reports/guidellm/v1.json");
  const std::size_t at = report.find("\"type_\"");
  const auto large =
      folder.Write("large.json", report.substr(0, at) + "\"requests\": [" + requests + "1], " + report.substr(at));
  const auto run =
      Loadline({"import", large.string(), "--hardware", "H100", "--hardware-count", "1", "--framework", "vllm"});
  EXPECT_EQ(run.status, 0) << run.error;
  EXPECT_EQ(Messages().at(0).rows().rows_size(), 3);
}

TEST_F(Import, TakesPatterns) {
  Report("a1.json", 1);
  Report("a2.json", 2);
  Report("b.json", 3);
  EXPECT_EQ(Loadline({"import", (folder / "a*.json").string()}).status, 0);
  EXPECT_THAT(Messages(), SizeIs(4));
}

TEST_F(Import, ADryRunShowsTheRowsAndTheirSources) {
  const auto run = Loadline({"import", "--dry-run", "--explain", folder.Write("a.json", VllmResult(2)).string(),
                             "--hardware", "H100", "--hardware-count", "2", "--framework", "vllm"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.out, AllOf(HasSubstr("2x H100, vllm"), HasSubstr("mean_ttft_ms"),
                             HasSubstr("total_input_tokens / completed")));
}

TEST_F(Import, JsonOfADryRunHoldsRowsAndSources) {
  const auto run = Loadline({"import", "--dry-run", "--explain", Report("a.json", 1), "-o", "json"});
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["format"], "exported_summaries");
  EXPECT_EQ(json["rows"][0]["row"]["ttft_p95"], 60.0);
  EXPECT_EQ(json["rows"][0]["sources"]["ttft_p95"], "ttft_p95");
}

TEST_F(Import, APipeIsReadAndOneWithoutEndIsNot) {
  EXPECT_EQ(Loadline({"import", "/dev/null"}).status, 2);
  const auto endless = Loadline({"import", "/dev/zero"});
  EXPECT_EQ(endless.status, 2);
  EXPECT_THAT(endless.error, HasSubstr("Save it to a file first"));
}

TEST_F(Import, FilesThatWereNotTriedAreInTheSummary) {
  variables["LOADLINE_STORE"] = "127.0.0.1:1";
  const auto run = Loadline({"import", Report("a.json", 1), Report("b.json", 1), Report("c.json", 1)});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.out, HasSubstr("c.json  failed"));
}

TEST_F(Import, WhatWouldTakeTooMuchMemoryIsRefusedWithAdvice) {
  for (const char* start : {"Run Info,Run Info,x\n", "model_hf_repo,ttft_p95\n", "{\"model_id\": \""}) {
    SCOPED_TRACE(start);
    // All but the start is a hole, which takes no room on the disk.
    const auto file = folder.Write("huge.txt", start);
    std::filesystem::resize_file(file, std::uintmax_t{300} << 20U);
    const auto run = Loadline({"import", file.string(), "--hardware", "H100"});
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.error, ::testing::ContainsRegex("Split it|Leave out"));
  }
}

}  // namespace
}  // namespace loadline::cli
