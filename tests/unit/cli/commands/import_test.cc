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

}  // namespace
}  // namespace loadline::cli
