#include <gmock/gmock.h>

#include "libs/testing/process.h"
#include "libs/testing/temp_dir.h"
#include "tests/integration/services.h"

/// A million brackets in each file that our programs read: an error that says
/// so, not a stack that overflows.
namespace loadline::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kDepth = 1'000'000;
constexpr int kWrongInput = 2;

struct DeepText {
  std::string name;
  std::string text;
};

std::string Repeated(std::string_view text) {
  std::string repeated;
  for (std::size_t i = 0; i < kDepth; ++i) repeated += text;
  return repeated;
}

std::vector<DeepText> DeepTexts() {
  return {{"arrays", Repeated("[") + Repeated("]")},
          {"arrays without end", Repeated("[")},
          {"objects", Repeated("{\"a\":") + "1" + Repeated("}")},
          {"a row of arrays", R"({"benchmarks": [{"model_hf_repo": )" + Repeated("[") + Repeated("]") + "}]}"}};
}

/// A folder of a store's data in which one file is ours.
class DataWith {
 public:
  DataWith(const std::string& file, const std::string& text) {
    for (const auto* name : {"hardware.json", "models.json", "use_cases.json"}) {
      folder_.Write(name, ReadFile(std::filesystem::path(LOADLINE_SOURCE_DIR "/data") / name));
    }
    folder_.Write("benchmarks.json", R"({"benchmarks": []})");
    folder_.Write(file, text);
  }
  std::string path() const { return folder_.path().string(); }

 private:
  TempDir folder_;
};

void ExpectThatTheStoreRefuses(const std::string& file, const DeepText& deep) {
  const DataWith data(file, deep.text);
  Process store({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store",
                 .environment = {{"DATA_DIR", data.path()}, {"LISTEN_ADDRESS", "127.0.0.1:0"}}});
  EXPECT_EQ(store.Wait(), kWrongInput) << file << ", " << deep.name << ":\n" << store.ErrorOutput();
  EXPECT_THAT(store.ErrorOutput(), HasSubstr(file)) << deep.name;
}

TEST(DeepJson, InADataFileKeepsTheStoreFromStarting) {
  for (const auto& deep : DeepTexts()) ExpectThatTheStoreRefuses("benchmarks.json", deep);
}

TEST(DeepJson, InACatalogueFileKeepsTheStoreFromStarting) {
  const DeepText deep{"arrays", Repeated("[") + Repeated("]")};
  for (const auto* file : {"hardware.json", "models.json", "use_cases.json"}) ExpectThatTheStoreRefuses(file, deep);
}

TEST(DeepJson, InAReportIsRefusedByTheImport) {
  auto texts = DeepTexts();
  texts.push_back({"YAML in braces", "version: '0.1'\nscenario: " + Repeated("{a: ")});
  texts.push_back({"YAML in lists", "version: '0.1'\nscenario:\n" + Repeated("- ")});
  const TempDir folder;
  for (const auto& deep : texts) {
    const auto report = folder.Write(deep.name.starts_with("YAML") ? "report.yaml" : "report.json", deep.text);
    Process import({.binary = LOADLINE_BINARY_DIR "/bin/loadline",
                    .arguments = {"import", report.string(), "--dry-run", "--model", "a/b", "--hardware", "H100"}});
    EXPECT_EQ(import.Wait(), kWrongInput) << deep.name << ":\n" << import.ErrorOutput();
    EXPECT_THAT(import.ErrorOutput(), HasSubstr("report.")) << deep.name;
  }
}

}  // namespace
}  // namespace loadline::testing
