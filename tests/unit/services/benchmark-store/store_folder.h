#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/testing/temp_dir.h"
#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/repository/json/json_repositories.h"

namespace loadline::store {

/// A folder with a store's files: no benchmarks, and a small catalogue.
class StoreFolder {
 public:
  explicit StoreFolder(std::string_view benchmarks = "[]") {
    folder_.Write("benchmarks.json", benchmarks);
    folder_.Write("hardware.json", R"({"hardware": [
      {"name": "H100", "memory_gib": 80, "aliases": ["H100-SXM"],
       "prices": [{"provider": "aws", "purchase_option": "on_demand", "usd_per_gpu_hour": 2}]},
      {"name": "L4", "memory_gib": 24}]})");
    folder_.Write("models.json", R"({"models": [{"name": "known/model", "parameters_billion": 12}]})");
    folder_.Write("use_cases.json", R"({"use_cases": [
      {"id": "chatbot", "display_name": "Chatbot", "description": "Talks.",
       "input_tokens": 512, "output_tokens": 256, "slo": "ttft:p95<500ms",
       "weights": {"cost": 0.3, "latency": 0.5, "quality": 0.2}}]})");
  }

  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }
  std::filesystem::path benchmarks() const { return folder_ / "benchmarks.json"; }
  void Write(std::string_view name, std::string_view content) const { folder_.Write(name, content); }
  std::string Read(std::string_view name) const { return loadline::testing::ReadFile(folder_ / name); }

  json::JsonStoreOptions Options() const {
    return {.benchmarks = benchmarks(), .catalog_folder = path(), .intake = JudgeRow};
  }
  base::Result<std::unique_ptr<json::JsonStore>> Open() const { return json::JsonStore::Open(Options()); }

  /// Makes every later write of `name` fail, also for root.
  void BlockWritesOf(std::string_view name) const {
    std::filesystem::create_directory(folder_ / (std::string(name) + ".tmp"));
  }
  void UnblockWritesOf(std::string_view name) const { std::filesystem::remove(folder_ / (std::string(name) + ".tmp")); }

 private:
  loadline::testing::TempDir folder_;
};

/// A store on a folder of its own, with its repositories.
struct StoreOnDisk {
  explicit StoreOnDisk(std::string_view benchmarks_file = "[]") : folder(benchmarks_file) {}

  StoreFolder folder;
  std::unique_ptr<json::JsonStore> store = folder.Open().value();
  json::JsonBenchmarkRepository benchmarks{*store};
  json::JsonCatalogRepository catalog{*store};
  Repositories repositories{.benchmarks = benchmarks, .catalog = catalog};
};

}  // namespace loadline::store
