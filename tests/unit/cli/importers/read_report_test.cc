#include <gmock/gmock.h>
#include <sys/mman.h>

#include "libs/base/sha256.h"
#include "tests/unit/cli/importers/reports.h"

namespace loadline::cli {
namespace {

using base::ErrorCode;
using ::testing::AllOf;
using testing::Fails;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string MessageOf(const ReportFile& file) {
  const auto report = ReadReport(file, AllSettings());
  EXPECT_FALSE(report);
  return report ? std::string() : report.error().message;
}

TEST(ReadReport, SetsProvenanceOnEveryRow) {
  const ReportFile file = Fixture("guidellm/v1.json");
  const ImportedReport report = ReadClean(file, Hardware());
  for (const ImportedRow& row : report.rows) {
    EXPECT_EQ(row.measurement.provenance, (domain::Provenance{.source = "guidellm",
                                                              .origin = domain::Origin::kMeasured,
                                                              .confidence_level = "",
                                                              .format = "guidellm/v1",
                                                              .tool_version = "0.5.1",
                                                              .sha256 = base::Sha256Hex(file.text.view()),
                                                              .path = "guidellm/v1.json"}));
  }
}

TEST(ReadReport, TheSameBytesUnderTwoNamesAreTheSameBenchmarks) {
  ReportFile file = Fixture("vllm/results.jsonl");
  const ImportedReport one = *ReadReport(file, Hardware());
  file.path = "copies/of/results (2).jsonl";
  const ImportedReport other = *ReadReport(file, Hardware());
  ASSERT_EQ(one.rows.size(), other.rows.size());
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_EQ(domain::BenchmarkId::Of(one.rows[i].measurement), domain::BenchmarkId::Of(other.rows[i].measurement));
    EXPECT_EQ(one.rows[i].measurement.provenance.sha256, other.rows[i].measurement.provenance.sha256);
    EXPECT_EQ(other.rows[i].measurement.provenance.path, file.path);
  }
}

TEST(ReadReport, RefusesAReportWhoseBenchmarksAreNoList) {
  EXPECT_THAT(ReadReport(Text(R"({"benchmarks": {"0": {"type_": "generative_benchmark"}}})"), AllSettings()),
              Fails(ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
}

TEST(ReadReport, TakesTheSameReportInWindowsClothesForTheSame) {
  const ReportFile file = Fixture("exported_summaries/array.json");
  std::string text = "\xEF\xBB\xBF";
  for (const char c : file.text.view()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const ImportedReport plain = ReadClean(file);
  const ImportedReport windows = ReadClean(Text(text));
  ASSERT_EQ(windows.rows.size(), plain.rows.size());
  EXPECT_EQ(domain::BenchmarkId::Of(windows.rows[0].measurement), domain::BenchmarkId::Of(plain.rows[0].measurement));
}

TEST(ReadReport, AsksForEverySettingThatTheReportNeeds) {
  const auto report = ReadReport(Fixture("vllm/result.json"), {});
  EXPECT_THAT(report, Fails(ErrorCode::kInvalidArgument, "MISSING_SETTING"));
  EXPECT_THAT(report, testing::HasViolation("--hardware"));
  EXPECT_THAT(report, testing::HasViolation("--hardware-count"));
  EXPECT_THAT(report, testing::HasViolation("--framework"));
  EXPECT_THAT(report.error().violations, SizeIs(3));
}

TEST(ReadReport, NamesLineAndColumnOfBrokenJson) {
  std::string text(Fixture("guidellm/v0.json").text.view());
  text.resize(text.size() / 2);
  EXPECT_THAT(ReadReport(Text(text), AllSettings()), Fails(ErrorCode::kInvalidArgument, "MALFORMED_JSON"));
  EXPECT_THAT(MessageOf(Text("{\n  \"benchmarks\": [1,]\n}")), HasSubstr("line 2, column 20"));
}

TEST(ReadReport, ListsTheKnownFormatsForAFileThatIsNone) {
  for (const char* text : {"{}", "[]", "[1, 2]", "{\"benchmarks\": []}", "Dear reader,\nhello\n", "a: 1\n",
                           "x,y\n1,2\n", "{\"benchmarks\": [{\"type_\": \"other\"}]}", "\"text\"", "7"}) {
    EXPECT_THAT(ReadReport(Text(text), AllSettings()), Fails(ErrorCode::kInvalidArgument, "NOT_A_REPORT")) << text;
    EXPECT_THAT(MessageOf(Text(text)), AllOf(HasSubstr("GuideLLM"), HasSubstr("vLLM"), HasSubstr("exported_summaries")))
        << text;
  }
}

TEST(ReadReport, SaysWhyBrokenYamlIsNone) {
  EXPECT_THAT(MessageOf(Text("benchmarks:\n- type_: [generative_benchmark\n")), HasSubstr("not valid YAML at line "));
}

TEST(ReadReport, PutsEveryValueOfAMessageIntoTheMetadata) {
  const auto report = ReadReport(Text("{}"), {});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr(report.error().metadata.at("known_formats")));
}

struct Unusable {
  ReportFile file;
  std::string advice;
};

TEST(ReadReport, SaysWhatToDoWithFilesThatAreKnownToBeOfNoUse) {
  const Unusable unusable[] = {{Fixture("unusable/dump.custom"), "pg_restore -f out.sql"},
                               {Fixture("unusable/prometheus.json"), "stage files"},
                               {Fixture("unusable/vllm_throughput.json"), "vllm bench serve"},
                               {Text(""), "empty"},
                               {Text(" \r\n\t"), "empty"},
                               {Text("\xEF\xBB\xBF"), "empty"},
                               {Text(std::string("\xFF\xFE{\0}\0", 6)), "UTF-16"},
                               {Text("\x1F\x8B\x08\x01"), "binary"}};
  for (const auto& [file, advice] : unusable) {
    EXPECT_THAT(ReadReport(file, AllSettings()), Fails(ErrorCode::kInvalidArgument, "NOT_A_REPORT")) << file.path;
    EXPECT_THAT(MessageOf(file), HasSubstr(advice)) << file.path;
  }
}

TEST(ReadReport, RefusesWhatIsTooLarge) {
  // Address space only: nothing of it is ever touched.
  const std::size_t size = kMaxReportBytes + 1;
  void* pages = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  const std::shared_ptr<const void> owner(pages, [&](void* start) { munmap(start, size); });
  const auto report =
      ReadReport({.path = "large", .text = FileText(owner, {static_cast<const char*>(pages), size})}, AllSettings());
  EXPECT_THAT(report, Fails(ErrorCode::kInvalidArgument, "FILE_TOO_LARGE"));
  EXPECT_THAT(report.error().message, HasSubstr("4096 MiB"));
}

TEST(ReadReport, SurvivesAMillionBrackets) {
  EXPECT_THAT(ReadReport(Text(std::string(1'000'000, '[')), AllSettings()),
              Fails(ErrorCode::kInvalidArgument, "MALFORMED_JSON"));
  EXPECT_THAT(ReadReport(Text("a: " + std::string(1'000'000, '[')), AllSettings()),
              Fails(ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
}

TEST(ReadReport, RefusesTextsThatAreNotUtf8) {
  EXPECT_THAT(ReadReport(Text("{\"model_id\": \"\xFF\"}"), AllSettings()),
              Fails(ErrorCode::kInvalidArgument, "MALFORMED_JSON"));
}

TEST(ReadReport, ReadsEveryFixtureThatIsAReport) {
  const auto root = std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/fixtures/reports";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename();
    const bool is_useless = entry.path().parent_path().filename() == "unusable" || name == "config.yaml" ||
                            name == "manifests.yaml" || name.starts_with("all_failed");
    const auto report = ReadReport({.path = entry.path(), .text = Contents(entry.path())}, AllSettings());
    EXPECT_EQ(report.has_value(), !is_useless) << entry.path();
  }
}

}  // namespace
}  // namespace loadline::cli
