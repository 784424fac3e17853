#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "cli/output/number.h"
#include "libs/testing/wait.h"
#include "tests/e2e/world.h"

namespace loadline::e2e {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<std::string> kPlan = {
    "plan", "--input-tokens", "512", "--output-tokens", "256", "--rps", "20", "--slo", "ttft:p95<500ms;itl:p95<40ms"};

std::vector<std::string> With(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

class CommandsTest : public ::testing::Test {
 protected:
  World world;

  const std::vector<std::string> import_sample = {"import",
                                                  Source("data/samples/guidellm-llama-3.1-8b-mi300x.json"),
                                                  "--hardware",
                                                  "MI300X",
                                                  "--framework",
                                                  "vllm",
                                                  "--precision",
                                                  "fp8",
                                                  "--framework-version",
                                                  "0.11.0",
                                                  "--hardware-count",
                                                  "1"};

  nlohmann::json Benchmarks() { return world.Loadline({"list", "benchmarks", "--limit", "0", "-o", "json"}).Json(); }
};

TEST_F(CommandsTest, ImportedRowsArePlannedWithAtOnce) {
  const auto before = Benchmarks();
  const auto import = world.Loadline(import_sample);
  ASSERT_EQ(import.status, 0) << import.error;
  EXPECT_THAT(import.out, HasSubstr("guidellm"));
  const auto after = Benchmarks();
  EXPECT_EQ(after["benchmarks"].size(), before["benchmarks"].size() + 8);
  EXPECT_TRUE(testing::WaitFor([&] {
    const auto plan = world.Loadline(With(kPlan, {"--hardware", "MI300X", "-o", "json"})).Json();
    const auto& options = plan["options"];
    return std::any_of(options.begin(), options.end(), [](const auto& option) {
      return option["configuration"]["hardware"] == "MI300X" && option["configuration"]["precision"] == "fp8" &&
             option["configuration"]["model_hf_repo"].template get<std::string>().find("llama-3.1-8b") !=
                 std::string::npos;
    });
  }));
}

TEST_F(CommandsTest, EveryKindOfReportIsImported) {
  for (const std::string report : {"guidellm/v0.json", "guidellm/v0.yaml", "guidellm/v0.csv", "guidellm/v1.json",
                                   "guidellm/v2.json", "vllm/result.json", "vllm/results.jsonl",
                                   "exported_summaries/file.json", "exported_summaries/older_names.json"}) {
    const auto run = world.Loadline({"import", Source("tests/fixtures/reports/" + report), "--model", "acme/" + report,
                                     "--hardware", "H100", "--hardware-count", "2", "--framework", "vllm",
                                     "--framework-version", "0.11.0", "--precision", "bf16", "-o", "json"});
    ASSERT_EQ(run.status, 0) << report << ": " << run.error;
    EXPECT_NE(run.Json()["accepted_count"], "0") << report << ": " << run.out;
    const auto listed = world.Loadline({"list", "benchmarks", "--model", "acme/" + report, "-o", "json"}).Json();
    EXPECT_EQ(std::to_string(listed["benchmarks"].size()), run.Json()["accepted_count"]) << report;
  }
}

/// Copies every fixture of a report into `folders` folders, each with a version
/// of its own for those that name none. Returns how many files that are.
int WriteMixedFolder(const std::filesystem::path& root, int folders) {
  int files = 0;
  std::filesystem::create_directories(root);
  for (int i = 0; i < folders; ++i) {
    const auto folder = root / ("run" + std::to_string(i));
    std::filesystem::copy(Source("tests/fixtures/reports"), folder, std::filesystem::copy_options::recursive);
    std::ofstream(folder / "meta.yaml") << "model: acme/mixed\nhardware: H100\nhardware_count: 2\nframework: vllm\n"
                                        << "framework_version: 1." << i << "\n";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) files += entry.is_regular_file();
  }
  return files;
}

TEST_F(CommandsTest, AFolderOf500MixedFilesIsOneCommandAndTheSecondTimeAddsNothing) {
  const auto root = world.folder().path() / "mixed";
  ASSERT_GE(WriteMixedFolder(root, 10), 500);
  const auto first = world.Loadline({"import", root.string()});
  EXPECT_EQ(first.status, 2);  // runs in which all requests failed are among them
  EXPECT_THAT(first.out, AllOf(HasSubstr("guidellm/v2"), HasSubstr("sglang/bench-serving"), HasSubstr("prism/archive"),
                               HasSubstr("exported_summaries/copy"), HasSubstr("Quarantined rows, by reason:"),
                               HasSubstr("Files that were passed over:")));
  const auto stored = world.DataFile();
  const auto second = world.Loadline({"import", root.string()});
  EXPECT_EQ(second.status, 2);
  EXPECT_EQ(world.DataFile(), stored);
}

TEST_F(CommandsTest, ImportingAgainAddsNothing) {
  ASSERT_EQ(world.Loadline(import_sample).status, 0);
  const auto once = world.DataFile();
  const auto again = world.Loadline(With(import_sample, {"-o", "json"}));
  ASSERT_EQ(again.status, 0) << again.error;
  EXPECT_EQ(again.Json()["accepted_count"], "0");
  EXPECT_EQ(again.Json()["already_present_count"], "8");
  EXPECT_EQ(world.DataFile(), once);
}

TEST_F(CommandsTest, ADryRunLeavesNoTrace) {
  const auto before = world.DataFile();
  const auto listed = Benchmarks();
  const auto run = world.Loadline(With(import_sample, {"--dry-run"}));
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.out, HasSubstr("Dry run: nothing was stored."));
  EXPECT_EQ(world.DataFile(), before);
  EXPECT_EQ(Benchmarks(), listed);
}

TEST_F(CommandsTest, EverythingCanBeListedInEveryFormat) {
  for (const std::string what : {"models", "configurations", "benchmarks", "hardware", "use-cases", "quarantined"}) {
    for (const std::string format : {"table", "json", "yaml"}) {
      const auto run = world.Loadline({"list", what, "-o", format});
      EXPECT_EQ(run.status, 0) << what << " " << format << run.error;
      EXPECT_THAT(run.out, Not(::testing::IsEmpty())) << what << " " << format;
    }
  }
  EXPECT_THAT(world.Loadline({"list", "configurations", "-o", "json"}).Json()["configurations"], SizeIs(24));
  EXPECT_THAT(world.Loadline({"list", "use-cases", "-o", "json"}).Json()["use_cases"], SizeIs(9));
  EXPECT_EQ(world.Loadline({"list", "quarantined"}).out, "There are none.\n");
}

TEST_F(CommandsTest, PagesTogetherAreTheWholeList) {
  const auto whole = Benchmarks()["benchmarks"];
  nlohmann::json joined = nlohmann::json::array();
  std::string token;
  do {
    const auto page =
        world.Loadline({"list", "benchmarks", "--limit", "400", "--page-token", token, "-o", "json"}).Json();
    for (const auto& benchmark : page["benchmarks"]) joined.push_back(benchmark);
    token = page["next_page_token"];
  } while (!token.empty());
  EXPECT_EQ(joined, whole);
}

TEST_F(CommandsTest, FiltersSelect) {
  const auto list = world.Loadline({"list", "benchmarks", "--hardware", "nvidia-h100", "--input-tokens", "512",
                                    "--output-tokens", "256", "--limit", "0", "-o", "json"});
  ASSERT_EQ(list.status, 0) << list.error;
  const auto rows = list.Json()["benchmarks"];
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    EXPECT_EQ(row["configuration"]["hardware"], "H100");
    EXPECT_EQ(row["shape"]["input_tokens"], 512);
  }
}

TEST_F(CommandsTest, GetShowsAListedBenchmark) {
  const std::string id = Benchmarks()["benchmarks"][0]["id"];
  EXPECT_THAT(world.Loadline({"get", id}).out, AllOf(HasSubstr(id), HasSubstr("All of it is synthetic")));
  EXPECT_EQ(world.Loadline({"get", id, "-o", "json"}).Json()["benchmark"]["id"], id);
}

TEST_F(CommandsTest, MatchFindsTheNearestShape) {
  const auto match = world.Loadline({"match", "--input-tokens", "500", "--output-tokens", "250", "-o", "json"}).Json();
  EXPECT_EQ(match["benchmark"]["shape"]["input_tokens"], 512);
  EXPECT_NEAR(match["distance"].get<double>(), std::hypot(12.0 / 500, 6.0 / 250), 1e-12);
}

TEST_F(CommandsTest, ThePlansTableHasTheNumbersOfItsJson) {
  const auto table = world.Loadline(kPlan);
  const auto plan = world.Loadline(With(kPlan, {"-o", "json"})).Json();
  ASSERT_EQ(table.status, 0) << table.error;
  ASSERT_THAT(plan["options"], SizeIs(5));
  for (const auto& option : plan["options"]) {
    const auto row = std::to_string(option["replicas"].get<int>()) + " x " +
                     std::to_string(option["configuration"]["hardware_count"].get<int>());
    EXPECT_THAT(table.out, AllOf(HasSubstr(row), HasSubstr(option["configuration"]["hardware"]),
                                 HasSubstr(cli::FormatUsd(option["cost"]["usd_per_hour"])),
                                 HasSubstr(cli::FormatFixed(option["cost"]["usd_per_month"], 0)),
                                 HasSubstr(cli::FormatUsd(option["cost"]["usd_per_million_tokens"])),
                                 HasSubstr(cli::FormatSignificant(option["capacity"]["requests_per_second"])),
                                 HasSubstr(cli::FormatPercent(option["worst_slack"]))));
    for (const auto& margin : option["margins"]) {
      EXPECT_THAT(table.out, HasSubstr(cli::FormatSignificant(margin["latency_ms"]) + " ms, "));
    }
  }
  EXPECT_THAT(table.out, HasSubstr("All evidence is synthetic (generated from a performance model, not measured)."));
}

TEST_F(CommandsTest, TheSamePlanIsTheSameBytes) {
  EXPECT_EQ(world.Loadline(With(kPlan, {"-o", "json"})).out, world.Loadline(With(kPlan, {"-o", "json"})).out);
}

TEST_F(CommandsTest, NoFeasiblePlanSaysWhyAndWhatToTry) {
  const auto run = world.Loadline(
      {"plan", "--input-tokens", "512", "--output-tokens", "256", "--rps", "20", "--slo", "itl:p95<1ms", "--rejected"});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.error, "");
  EXPECT_THAT(run.out, AllOf(HasSubstr("No feasible plan"), HasSubstr("What came closest"), HasSubstr("itl:p95<1ms"),
                             HasSubstr("Relax itl:p95 to"), HasSubstr("24 rejected")));
}

TEST_F(CommandsTest, RejectionsComeWhole) {
  const auto plan = world
                        .Loadline({"plan", "--input-tokens", "512", "--output-tokens", "256", "--rps", "20", "--slo",
                                   "itl:p95<1ms", "--rejected", "-o", "json"})
                        .Json();
  EXPECT_EQ(plan["rejections"].size(), plan["candidate_count"].get<std::size_t>());
}

TEST_F(CommandsTest, AUseCaseSuppliesShapeAndSlo) {
  const auto plan = world.Loadline({"plan", "--use-case", "chatbot", "--rps", "5", "-o", "json"});
  ASSERT_EQ(plan.status, 0) << plan.error;
  EXPECT_EQ(plan.Json()["request"]["shape"]["input_tokens"], 512);
  EXPECT_THAT(plan.Json()["request"]["slo"].get<std::string>(), HasSubstr("ttft:p95<500ms"));
}

TEST_F(CommandsTest, AnInventoryCapKeepsAPlanBelowIt) {
  const auto plan =
      world.Loadline(With(kPlan, {"--max-gpus", "H100=0", "--max-gpus", "L40S=3", "--top", "100", "-o", "json"}))
          .Json();
  for (const auto& option : plan["options"]) {
    EXPECT_NE(option["configuration"]["hardware"], "H100");
    if (option["configuration"]["hardware"] == "L40S") {
      EXPECT_LE(option["gpus"].get<int>(), 3);
    }
  }
}

TEST_F(CommandsTest, APriceThatIsSetCountsInTheNextPlan) {
  const auto set = world.Loadline({"hardware", "set", "H200", "--price", "own:on_demand=0.01", "-o", "json"});
  ASSERT_EQ(set.status, 0) << set.error;
  EXPECT_TRUE(testing::WaitFor([&] {
    const auto plan = world.Loadline(With(kPlan, {"-o", "json"})).Json();
    return plan["options"][0]["cost"]["provider"] == "own" && plan["options"][0]["cost"]["usd_per_gpu_hour"] == 0.01;
  }));
}

TEST_F(CommandsTest, WithoutTheStorePlansGoOnAndSayThatTheyAreStale) {
  ASSERT_EQ(world.Loadline(kPlan).status, 0);
  world.store().Signal(SIGKILL);
  ASSERT_TRUE(world.store().Wait());
  EXPECT_TRUE(testing::WaitFor([&] { return world.Loadline(kPlan).out.find("WARNING: stale.") != std::string::npos; }));
  const auto plan = world.Loadline(kPlan);
  EXPECT_EQ(plan.status, 0) << plan.error;
  EXPECT_EQ(world.Loadline({"list", "models"}).status, 3);
}

TEST_F(CommandsTest, AStoreThatComesBackIsUsedAgain) {
  ASSERT_EQ(world.Loadline(kPlan).status, 0);
  world.store().Signal(SIGTERM);
  EXPECT_EQ(world.store().Wait(), 0);
  EXPECT_TRUE(testing::WaitFor([&] { return world.Loadline(kPlan).out.find("WARNING: stale.") != std::string::npos; }));
  world.RestartStore();
  EXPECT_TRUE(testing::WaitFor([&] {
    const auto plan = world.Loadline(kPlan);
    return plan.status == 0 && plan.out.find("WARNING: stale.") == std::string::npos;
  }));
}

TEST_F(CommandsTest, AStoreThatHangsIsGivenUpAtTheTimeout) {
  ASSERT_EQ(world.Loadline(kPlan).status, 0);
  world.store().Signal(SIGSTOP);
  EXPECT_EQ(world.Loadline(kPlan).status, 0) << "the planner has what it needs";
  const auto run = world.Loadline({"--timeout", "0.3", "list", "models"});
  world.store().Signal(SIGCONT);
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("did not answer in time"));
}

TEST_F(CommandsTest, APlannerThatIsAwayIsSaidToBe) {
  world.planner().Signal(SIGTERM);
  EXPECT_EQ(world.planner().Wait(), 0);
  const auto run = world.Loadline(kPlan);
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, AllOf(HasSubstr("error: planner at 127.0.0.1:"), HasSubstr("does not answer")));
}

}  // namespace
}  // namespace loadline::e2e
