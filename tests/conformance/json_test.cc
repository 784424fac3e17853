#include "libs/testing/temp_dir.h"
#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/repository/json/json_repositories.h"
#include "tests/conformance/search_suite.h"

namespace loadline::store {
namespace {

constexpr char kHardware[] = R"({"hardware": [{"name": "H100", "memory_gib": 80,
  "prices": [{"provider": "aws", "purchase_option": "on_demand", "usd_per_gpu_hour": 2}]}]})";

class JsonBackend final : public Backend {
 public:
  JsonBackend() {
    folder_.Write("benchmarks.json", "[]");
    folder_.Write("hardware.json", kHardware);
    folder_.Write("models.json", kModelDocument);
    folder_.Write("use_cases.json", kUseCaseDocument);
    Restart();
  }

  BenchmarkRepository& benchmarks() override { return *benchmarks_; }
  CatalogRepository& catalog() override { return *catalog_; }

  void Restart() override {
    store_.reset();
    store_ = json::JsonStore::Open(
                 {.benchmarks = folder_ / "benchmarks.json", .catalog_folder = folder_.path(), .intake = JudgeRow})
                 .value();
    benchmarks_.emplace(*store_);
    catalog_.emplace(*store_);
  }

 private:
  loadline::testing::TempDir folder_;
  std::unique_ptr<json::JsonStore> store_;
  std::optional<json::JsonBenchmarkRepository> benchmarks_;
  std::optional<json::JsonCatalogRepository> catalog_;
};

INSTANTIATE_TEST_SUITE_P(Json, RepositorySuite,
                         ::testing::Values(BackendCase{.name = "json",
                                                       .make = [] { return std::make_unique<JsonBackend>(); }}),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Json, SearchSuite,
                         ::testing::Values(BackendCase{.name = "json",
                                                       .make = [] { return std::make_unique<JsonBackend>(); }}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace loadline::store
