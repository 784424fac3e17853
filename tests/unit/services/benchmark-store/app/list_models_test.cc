#include "services/benchmark-store/app/list_models.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ListModels, FiltersAreAndedAndIgnoreCase) {
  StoreFolder folder;
  folder.Write("models.json", R"({"models": [
    {"name": "a", "architecture": "Llama", "tags": ["moe", "fp8"], "use_cases": {"chatbot": 1}},
    {"name": "b", "architecture": "llama", "tags": ["moe"], "use_cases": {"chatbot": 0}},
    {"name": "c", "architecture": "phi3", "tags": ["fp8", "moe"], "use_cases": {"chatbot": 0.5}}]})");
  const auto store = folder.Open().value();
  json::JsonBenchmarkRepository benchmarks(*store);
  json::JsonCatalogRepository catalog(*store);
  const auto names = [&](const ModelFilter& filter) {
    std::vector<std::string> found;
    const auto list = ListModels({.benchmarks = benchmarks, .catalog = catalog}, filter, {}).value();
    for (const auto& model : list.models) found.push_back(model.name);
    return found;
  };
  EXPECT_THAT(names({.architecture = "LLAMA"}), ElementsAre("a", "b"));
  EXPECT_THAT(names({.tags = {"moe", "FP8"}}), ElementsAre("a", "c"));
  EXPECT_THAT(names({.use_case = "chatbot"}), ElementsAre("a", "c"));
  EXPECT_THAT(names({.architecture = "phi3", .tags = {"dense"}}), IsEmpty());
}

TEST(ListModels, AUseCaseThatIsNotThereIsAMistakeOfTheCatalogue) {
  StoreFolder folder;
  folder.Write("models.json", R"({"models": [{"name": "a", "use_cases": {"chess": 1}}]})");
  const auto store = folder.Open();
  ASSERT_THAT(store, Fails(ErrorCode::kFailedPrecondition, "MALFORMED_CATALOG"));
  EXPECT_THAT(store.error().message, HasSubstr("`chess`"));
}

}  // namespace
}  // namespace loadline::store
