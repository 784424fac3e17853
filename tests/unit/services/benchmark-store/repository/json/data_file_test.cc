#include "services/benchmark-store/repository/json/data_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/json/benchmark_json.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store::json {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

domain::Verdict Intake(domain::Measurement measurement, const std::vector<std::string>& problems) {
  return JudgeRow(std::move(measurement), problems, Catalog());
}

base::Result<LoadedData> Read(const std::string& text) {
  const loadline::testing::TempDir folder;
  return ReadDataFile(folder.Write("benchmarks.json", text), Intake);
}

std::string Row(double rate) { return loadline::json::WriteMeasurement(Sample({.rate = rate})).dump(); }

std::string RowAt(double rate, domain::Revision revision) {
  auto row = loadline::json::WriteMeasurement(Sample({.rate = rate}));
  row["revision"] = revision;
  return row.dump();
}

std::string ErrorMessage(const std::string& text) {
  const auto data = Read(text);
  EXPECT_THAT(data, Fails(ErrorCode::kFailedPrecondition, "MALFORMED_DATA_FILE")) << text;
  return data ? "" : data.error().message;
}

TEST(ReadDataFile, AcceptsAnObjectAndABareArray) {
  for (const auto* form : {"{{\"benchmarks\": [{}, {}]}}", "[{}, {}]"}) {
    const auto data = Read(fmt::format(fmt::runtime(form), Row(1), Row(2)));
    ASSERT_THAT(data, IsOk());
    EXPECT_EQ(data->table.size(), 2U);
    EXPECT_EQ(data->revision, 1) << "rows without a revision are of revision 1";
    EXPECT_EQ(data->table.Share().Unpack(0).measurement, Sample({.rate = 1}));
  }
}

TEST(ReadDataFile, AcceptsAFileWithoutRows) {
  for (const char* text : {"[]", "{}", R"({"benchmarks": []})"}) {
    const auto data = Read(text);
    ASSERT_THAT(data, IsOk()) << text;
    EXPECT_EQ(data->revision, 0);
  }
}

TEST(ReadDataFile, TakesTheNewestRevisionOfFileAndRows) {
  EXPECT_EQ(Read(fmt::format(R"({{"benchmarks": [{}], "revision": 3}})", RowAt(1, 7)))->revision, 7);
  EXPECT_EQ(Read(fmt::format(R"({{"revision": 9, "benchmarks": [{}]}})", RowAt(1, 7)))->revision, 9);
  EXPECT_EQ(Read(fmt::format("[{}]", RowAt(1, 7)))->table.Share()[0].revision, 7);
}

TEST(ReadDataFile, TakesANonsensicalRevisionAsTheFirst) {
  EXPECT_EQ(Read(R"({"revision": -5, "benchmarks": []})")->revision, 1);
  EXPECT_EQ(Read(R"({"revision": 9223372036854775807, "benchmarks": []})")->revision, 1);
  EXPECT_EQ(Read(R"({"revision": "new", "benchmarks": []})")->revision, 1);
}

TEST(ReadDataFile, IgnoresOtherKeys) {
  const auto data = Read(fmt::format(R"({{"_metadata": {{"x": [1]}}, "notes": ["a"], "benchmarks": [{}]}})", Row(1)));
  ASSERT_THAT(data, IsOk());
  EXPECT_EQ(data->table.size(), 1U);
}

TEST(ReadDataFile, QuarantinesBadRowsAndKeepsTheRest) {
  const auto bad = loadline::json::WriteMeasurement(BadSample({})).dump();
  const auto data = Read(fmt::format(R"([{}, {}, {{"model_hf_repo": "m", "ttft_mean": "fast"}}, 7])", Row(1), bad));
  ASSERT_THAT(data, IsOk());
  EXPECT_EQ(data->table.size(), 1U);
  EXPECT_EQ(data->refused, 3U);
  ASSERT_THAT(data->quarantined, SizeIs(3));
  EXPECT_EQ(data->quarantined[0].location, "benchmarks[1]");
  EXPECT_EQ(data->quarantined[0].reasons.at(0).reason, "NEGATIVE_VALUE");
  EXPECT_EQ(data->quarantined[0].revision, 1);
  EXPECT_EQ(data->quarantined[1].location, "benchmarks[2]");
}

TEST(ReadDataFile, KeepsARowThatIsThereTwiceOnce) {
  const auto data = Read(fmt::format("[{}, {}, {}]", Row(1), Row(2), Row(1)));
  ASSERT_THAT(data, IsOk());
  EXPECT_EQ(data->table.size(), 2U);
  EXPECT_EQ(data->repeated, 1U);
}

TEST(ReadDataFile, ReadsMoreRowsThanOneBatch) {
  std::string text = "[";
  for (int i = 1; i <= 2100; ++i) text += (i == 1 ? "" : ",\n") + Row(0.001 * i);
  const auto data = Read(text + "]");
  ASSERT_THAT(data, IsOk());
  ASSERT_EQ(data->table.size(), 2100U);
  const auto rows = data->table.Share();
  for (const int i : {0, 2047, 2048, 2099}) {
    EXPECT_DOUBLE_EQ(rows[static_cast<std::size_t>(i)].rate(), 0.001 * (i + 1));
  }
}

TEST(ReadDataFile, NamesLineAndColumnOfAMistake) {
  EXPECT_THAT(ErrorMessage("{\"benchmarks\": [\n  {\"model_hf_repo\": \"m\",, }\n]}"),
              AllOf(HasSubstr("benchmarks.json"), HasSubstr("line 2"), HasSubstr("column")));
  EXPECT_THAT(ErrorMessage("[" + Row(1) + ",\n\n  {\"a\": 1"), HasSubstr("line 3"));
  EXPECT_THAT(ErrorMessage(""), HasSubstr("line 1"));
  EXPECT_THAT(ErrorMessage("[1] x"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorMessage("{\"quarantined\": [{\"a\": }]}"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorMessage("{\"revision\": tru}"), HasSubstr("line 1"));
}

TEST(ReadDataFile, SaysWhatTheTopMustBe) {
  for (const char* text : {"7", "\"rows\"", R"({"benchmarks": {}})", R"({"benchmarks": 3})", R"({"quarantined": null})",
                           R"({"quarantined": [7]})"}) {
    EXPECT_THAT(ErrorMessage(text), HasSubstr("array")) << text;
  }
}

TEST(ReadDataFile, SaysWhatToSetIfTheFileIsMissing) {
  const auto data = ReadDataFile("/no/such/file.json", Intake);
  EXPECT_THAT(data, Fails(ErrorCode::kFailedPrecondition, "DATA_FILE_MISSING"));
  EXPECT_THAT(data.error().message, AllOf(HasSubstr("/no/such/file.json"), HasSubstr("BENCHMARK_JSON_PATH")));
}

TEST(WriteDataFile, WritesWhatReadDataFileReads) {
  const loadline::testing::TempDir folder;
  RowTable table;
  table.Append(Accepted({.rate = 1}), 2);
  table.Append(Accepted({.rate = 2, .saturated = true}), 5);
  auto quarantined = QuarantinedFrom(domain::Judge(BadSample({})), "line \"3\"");
  quarantined.revision = 5;
  const auto written = Extended(Snapshot(), table.Share(), {quarantined}, 5);
  ASSERT_THAT(WriteDataFile(folder / "benchmarks.json", written), IsOk());
  const auto data = ReadDataFile(folder / "benchmarks.json", Intake);
  ASSERT_THAT(data, IsOk());
  EXPECT_EQ(data->revision, 5);
  EXPECT_EQ(data->refused, 0U);
  const auto rows = data->table.Share();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.Unpack(0), written.rows.Unpack(0));
  EXPECT_EQ(rows.Unpack(1), written.rows.Unpack(1));
  ASSERT_THAT(data->quarantined, SizeIs(1));
  EXPECT_EQ(data->quarantined[0].location, "line \"3\"");
  EXPECT_EQ(data->quarantined[0].reasons, quarantined.reasons);
}

TEST(WriteDataFile, WritesADataSetWithoutRows) {
  const loadline::testing::TempDir folder;
  ASSERT_THAT(WriteDataFile(folder / "benchmarks.json", Snapshot()), IsOk());
  const auto data = ReadDataFile(folder / "benchmarks.json", Intake);
  ASSERT_THAT(data, IsOk());
  EXPECT_THAT(data->quarantined, IsEmpty());
}

}  // namespace
}  // namespace loadline::store::json
