#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <iostream>
#include <string>

#include "cli/commands/report_file.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

/// Reports of 240 MB, about as large as tables may be, are read in a small part
/// of that.
namespace loadline::cli {
namespace {

constexpr std::size_t kRows = 1'600;
constexpr std::size_t kTextOfRow = 150'000;  // as a prompt that was saved
constexpr long kMaxMiB = 150;

/// The most memory that the process had since ResetPeak.
long PeakMiB() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib / 1024;
  }
  return -1;
}

void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

struct Shape {
  const char* name;
  std::string head;
  /// A row with a text in it that is of no use here.
  std::function<std::string(std::size_t row, const std::string& text)> row;
  std::string tail;
};

std::string Values(std::size_t row) { return std::to_string(row + 1) + ",acme/m,H100,1,vllm,512,256,2,20.5,9.5,2400"; }

const char* const kColumns =
    "id,model_hf_repo,hardware,hardware_count,framework,prompt_tokens,output_tokens,responses_per_second,ttft_mean,"
    "itl_mean,e2e_mean,entrypoint";

std::string Quoted(std::size_t row, const std::string& text) {
  return "(" + std::to_string(row + 1) + ",'acme/m','H100',1,'vllm',512,256,2,20.5,9.5,2400,'" + text + "')";
}

const Shape kShapes[] = {
    {"table.csv", std::string(kColumns) + "\n",
     [](std::size_t row, const std::string& text) { return Values(row) + ",\"" + text + "\"\n"; }, ""},
    {"one_insert.sql", "INSERT INTO exported_summaries (" + std::string(kColumns) + ") VALUES\n",
     [](std::size_t row, const std::string& text) { return (row == 0 ? "" : ",\n") + Quoted(row, text); }, ";\n"},
    {"requests.jsonl", "",
     [](std::size_t row, const std::string& text) {
       return R"({"model_id": "acme/m", "completed": 10, "request_throughput": )" + std::to_string(row + 1) +
              R"(, "total_input_tokens": 5120, "total_output_tokens": 2560, "mean_ttft_ms": 20.5, "mean_tpot_ms": 9.5, )" +
              R"("hardware": "H100", "tp": 1, "framework": "vllm", "generated_texts": [")" + text + "\"]}\n";
     },
     ""}};

class LargeReport : public ::testing::TestWithParam<Shape> {};

TEST_P(LargeReport, IsReadInASmallPartOfItsSize) {
  const testing::TempDir folder;
  const std::string path = (folder.path() / GetParam().name).string();
  const std::string text(kTextOfRow, 'x');
  std::ofstream file(path, std::ios::binary);
  file << GetParam().head;
  for (std::size_t row = 0; row < kRows; ++row) file << GetParam().row(row, text);
  file << GetParam().tail;
  file.close();
  ResetPeak();
  const long before = PeakMiB();
  const auto content = ReadReportFile(path);
  ASSERT_THAT(content, testing::IsOk());
  const auto report = ReadReport(*content, {});
  ASSERT_THAT(report, testing::IsOk());
  const long took = PeakMiB() - before;
  std::cout << GetParam().name << ": " << content->text.view().size() / 1'000'000 << " MB read in " << took << " MiB\n";
  ASSERT_EQ(report->rows.size(), kRows);
  EXPECT_THAT(report->rows.back().problems, ::testing::IsEmpty());
  EXPECT_LT(took, kMaxMiB);
}

INSTANTIATE_TEST_SUITE_P(Formats, LargeReport, ::testing::ValuesIn(kShapes), [](const auto& shape) {
  const std::string name = shape.param.name;
  return name.substr(0, name.find('.'));
});

}  // namespace
}  // namespace loadline::cli
