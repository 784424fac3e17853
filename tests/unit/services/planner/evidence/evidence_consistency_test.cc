#include <gmock/gmock.h>

#include <iostream>
#include <random>
#include <thread>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner::testing {
namespace {

using loadline::testing::IsOk;

// Every import adds one benchmark to both models, so at every revision both
// have equally many: an answer that mixes revisions shows.
TEST_F(CacheTest, AnAnswerIsOfExactlyOneRevision) {
  const auto import = [this](int step) {
    auto both = BenchmarksOf("acme/a", 1, step);
    both.push_back(BenchmarksOf("acme/b", 1, step).front());
    store.Import(std::move(both));
  };
  import(1);
  StartAndCatchUp();
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  std::vector<std::thread> plans;
  plans.reserve(3);
  for (int i = 0; i < 3; ++i) {
    plans.emplace_back([&] {
      while (!done) {
        const auto now = *cache->Current();
        const auto models = cache->Models(now, {}, {});
        ASSERT_THAT(models, IsOk());
        const auto expected = static_cast<std::size_t>(now.freshness.revision - 1);
        for (const auto& model : **models) EXPECT_EQ(model->benchmark_count, expected) << model->model;
        ++answers;
      }
    });
  }
  for (int step = 2; step < 60; ++step) {
    import(step);
    const int before = answers;
    ASSERT_TRUE(WaitFor([&] { return answers > before; }));
  }
  CatchUp();
  done = true;
  for (auto& plan : plans) plan.join();
  EXPECT_EQ(CountOf("acme/a"), 59U);
}

// Random faults: whatever happens, once the store is there and quiet, the cache
// has what the store has.
TEST_F(CacheTest, ConvergesAfterRandomFaults) {
  const auto seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::vector<std::string> names = {"acme/a", "acme/b", "acme/c"};
  std::map<std::string, std::size_t> expected;
  const auto import = [&](const std::string& model, int step) {
    store.Import(BenchmarksOf(model, 1, step));
    ++expected[model];
  };
  import("acme/a", 1);
  StartAndCatchUp();
  for (int step = 2; step < 200; ++step) {
    const auto& model = names[random() % names.size()];
    switch (random() % 7) {
      case 0: store.GoAway(); break;
      case 1: store.ComeBack(); break;
      case 2: store.FailReads(random() % 2 == 0); break;
      case 3: store.Beat(); break;
      case 4: static_cast<void>(Models({model})); break;
      default: import(model, step);
    }
  }
  store.FailReads(false);
  store.ComeBack();
  store.Beat();
  CatchUp();
  for (const auto& [model, count] : expected) EXPECT_EQ(CountOf(model), count) << model;
}

}  // namespace
}  // namespace loadline::planner::testing
