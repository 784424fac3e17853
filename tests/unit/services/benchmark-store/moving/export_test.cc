#include "services/benchmark-store/moving/export.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"
#include "services/benchmark-store/moving/places.h"
#include "tests/conformance/sample.h"

namespace loadline::store::moving {
namespace {

namespace fs = std::filesystem;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::ReadFile;
using loadline::testing::TempDir;
using ::testing::Each;
using ::testing::SizeIs;

/// Rows in two pages, those in quarantine in an order that is not that of ids.
class FewRows final : public Source {
 public:
  base::Result<RowPage> Read(const std::string& after) override {
    RowPage page = {.rows = {}, .next = after.empty() ? "second" : ""};
    const int first = after.empty() ? 0 : 3;
    for (int i = first; i < first + 3; ++i) {
      page.rows.push_back({.verdict = Accepted({.rate = 1.0 + i})});
      page.rows.push_back(Refused(i));
    }
    return page;
  }
  const Catalog& catalog() const override { return catalog_; }
  std::int64_t row_count() const override { return 6; }
  std::string identity() const override { return "few"; }

 private:
  static MovedRow Refused(int variant) {
    return {.verdict = {.measurement = BadSample({.variant = variant}),
                        .shape = {},
                        .reasons = {{.reason = "NEGATIVE_VALUE", .field = "ttft_p50", .message = "is -1"}}},
            .quarantined = true,
            .location = "line " + std::to_string(variant)};
  }

  const Catalog catalog_ = {
      .models = {{.name = "model-a", .parameters_billion = 8.03, .kv_bytes_per_token = 131072}},
      .hardware = {{.name = "H100", .memory_gib = 80, .prices = {{"aws", "spot", 1.25}}, .aliases = {"H100-SXM"}}},
      .use_cases = {{.id = "chat",
                     .display_name = "Chat",
                     .description = "Short",
                     .shape = {512, 256},
                     .slo = domain::Slo::Parse("ttft:p95<500ms", "slo").value(),
                     .weights = {0.5, 0.25, 0.25},
                     .excellent = domain::Slo::Parse("ttft:p95<200ms", "slo").value()}}};
};

constexpr const char* kFiles[] = {"benchmarks.json", "hardware.json", "models.json", "use_cases.json"};

class ExportTest : public ::testing::Test {
 protected:
  static base::Result<ExportReport> Write(Source& source, const fs::path& to, bool force = false) {
    return Export(source, {.to = to, .force = force, .on_progress = [](auto) {}});
  }

  TempDir folder;
  FewRows source;
};

TEST_F(ExportTest, IsWhatAStoreReads) {
  const auto report = Write(source, folder / "out");
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->benchmarks, 6);
  EXPECT_EQ(report->quarantined, 6);
  const auto read = OpenJsonSource(folder / "out");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ((*read)->row_count(), 6);
  EXPECT_EQ((*read)->catalog().models, source.catalog().models);
  EXPECT_EQ((*read)->catalog().hardware, source.catalog().hardware);
  EXPECT_EQ((*read)->catalog().use_cases, source.catalog().use_cases);
}

TEST_F(ExportTest, OfAnExportIsTheSameBytes) {
  ASSERT_THAT(Write(source, folder / "a"), IsOk());
  const auto read = OpenJsonSource(folder / "a");
  ASSERT_THAT(read, IsOk());
  ASSERT_THAT(Write(**read, folder / "b"), IsOk());
  for (const auto* name : kFiles) EXPECT_EQ(ReadFile(folder / "a" / name), ReadFile(folder / "b" / name)) << name;
}

TEST_F(ExportTest, KeepsWhatIsThereUnlessForced) {
  const auto file = folder.Write("hardware.json", "mine");
  EXPECT_THAT(Write(source, folder.path()), Fails(base::ErrorCode::kFailedPrecondition, "FILE_EXISTS"));
  EXPECT_EQ(ReadFile(file), "mine");
  EXPECT_FALSE(fs::exists(folder / "benchmarks.json"));
  ASSERT_THAT(Write(source, folder.path(), true), IsOk());
  EXPECT_NE(ReadFile(file), "mine");
}

TEST_F(ExportTest, ToAFileIsOfBenchmarksAlone) {
  const auto report = Write(source, folder / "rows.json");
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(report->files, SizeIs(1));
  EXPECT_FALSE(fs::exists(folder / "hardware.json"));
}

TEST_F(ExportTest, LeavesNothingWhereItCannotWrite) {
  folder.Write("taken", "a file, not a folder");
  EXPECT_THAT(Write(source, folder / "taken/rows.json"),
              Fails(base::ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
}

}  // namespace
}  // namespace loadline::store::moving
