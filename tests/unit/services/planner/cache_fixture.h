#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "libs/testing/fake_clock.h"
#include "libs/testing/wait.h"
#include "services/planner/evidence/evidence_cache.h"
#include "tests/unit/services/planner/fake_evidence_store.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner::testing {

using loadline::testing::WaitFor;
namespace curves = planning::testing;

/// `count` benchmarks of a model, unlike those of any other `first`.
inline std::vector<domain::Benchmark> BenchmarksOf(const std::string& model, int count = 2, double first = 1,
                                                   const std::string& hardware = "H100") {
  auto configuration = curves::On(hardware);
  configuration.model = model;
  std::vector<curves::Row> rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) rows.push_back({.rps = first + i, .ttft_p95 = 100 + 10 * (first + i)});
  return curves::Benchmarks(configuration, curves::kShape, rows);
}

/// An evidence cache on a fake store and a fake clock.
class CacheTest : public ::testing::Test {
 protected:
  explicit CacheTest(EvidenceOptions options = {}) {
    options.watch.first_backoff = options.watch.longest_backoff = std::chrono::milliseconds(1);
    store.ChangeCatalog([](StoreCatalog& catalog) {
      for (const auto& [name, model] : curves::Catalog().models) catalog.models.push_back(model);
      for (const auto& [name, hardware] : curves::Catalog().hardware) catalog.hardware.push_back(hardware);
    });
    cache = std::make_unique<EvidenceCache>(store, clock, options);
  }
  ~CacheTest() override { cache->Stop(); }

  void Start() {
    cache->Start([this](bool now) { ready = now; });
  }
  /// Starts, and waits for the view to be the store's.
  void StartAndCatchUp() {
    Start();
    CatchUp();
  }
  void CatchUp() {
    ASSERT_TRUE(WaitFor([this] { return View() && View()->revision == store.revision() && !Fresh().stale; }));
  }
  ViewPtr View() const {
    const auto now = cache->Current();
    return now ? now->view : nullptr;
  }
  Freshness Fresh() const { return cache->Current()->freshness; }
  base::Result<std::shared_ptr<const ModelList>> Models(const std::vector<std::string>& names) {
    return cache->Models(*cache->Current(), names, {});
  }
  /// Benchmarks of a model as the cache has them.
  std::size_t CountOf(const std::string& model) {
    const auto models = Models({model});
    return models && !(*models)->empty() ? (*models)->front()->benchmark_count : 0;
  }

  loadline::testing::FakeClock clock;
  FakeEvidenceStore store;
  std::unique_ptr<EvidenceCache> cache;
  std::atomic<bool> ready = false;
};

}  // namespace loadline::planner::testing
