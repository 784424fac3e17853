#include "services/planner/planning/memory_fit.h"

#include <gtest/gtest.h>

#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using testing::kShape;
using testing::kSmall;

Memory Fit(const domain::Configuration& configuration, const domain::TrafficShape& shape = kShape) {
  const auto catalog = testing::Catalog();
  const auto evidence = testing::EvidenceOf(testing::Benchmarks(configuration, kShape, {{.rps = 1}}));
  const auto model = catalog.models.find(configuration.model);
  const auto hardware = catalog.hardware.find(configuration.hardware);
  return FitMemory(evidence[0]->configurations[0], model == catalog.models.end() ? nullptr : &model->second,
                   hardware == catalog.hardware.end() ? nullptr : &hardware->second, shape);
}

TEST(FitMemory, WeightsAreParametersTimesBitsOverEightTimesOnePointTwo) {
  const Memory memory = Fit(kSmall);
  EXPECT_EQ(memory.fit, MemoryFit::kFits);
  EXPECT_NEAR(*memory.weights_gib, 8e9 * 2 * 1.2 / (1024.0 * 1024 * 1024), 1e-9);  // 17.88 GiB
  EXPECT_DOUBLE_EQ(*memory.memory_gib, 80);
  EXPECT_NEAR(*memory.kv_tokens, (80 - *memory.weights_gib) * 1024 * 1024 * 1024 / 131072, 1e-3);
}

TEST(FitMemory, PrecisionHalvesOrDoublesWeights) {
  auto fp8 = kSmall;
  fp8.precision = "fp8";
  EXPECT_NEAR(*Fit(fp8).weights_gib * 2, *Fit(kSmall).weights_gib, 1e-9);
  auto unsaid = kSmall;
  unsaid.precision = "";
  EXPECT_EQ(Fit(unsaid).weights_gib, Fit(kSmall).weights_gib) << "unknown counts as 16 bits";
}

TEST(FitMemory, AllGpusOfAReplicaCount) { EXPECT_DOUBLE_EQ(*Fit(testing::On("L4", 4)).memory_gib, 96); }

TEST(FitMemory, TheKvCacheOfOneRequestMustFitToo) {
  // An L4 has 24 - 17.88 = 6.12 GiB left: 50,129 tokens.
  EXPECT_EQ(Fit(testing::On("L4")).fit, MemoryFit::kFits);
  EXPECT_EQ(Fit(testing::On("L4"), {.input_tokens = 50'000, .output_tokens = 100}).fit, MemoryFit::kFits);
  EXPECT_EQ(Fit(testing::On("L4"), {.input_tokens = 50'000, .output_tokens = 200}).fit, MemoryFit::kTooSmall);
}

TEST(FitMemory, IsUnknownWithoutParametersOrMemory) {
  auto nameless = kSmall;
  nameless.model = "acme/mystery";
  EXPECT_EQ(Fit(nameless).fit, MemoryFit::kUnknown);
  EXPECT_EQ(Fit(testing::On("TPU-v9")).fit, MemoryFit::kUnknown);
}

TEST(FitMemory, ReadsParametersFromTheNameWhereTheCatalogueDoesNotKnowTheModel) {
  auto other = kSmall;
  other.model = "acme/other-70b";
  EXPECT_EQ(Fit(other).fit, MemoryFit::kTooSmall);
  EXPECT_NEAR(*Fit(other).weights_gib, 70e9 * 2 * 1.2 / (1024.0 * 1024 * 1024), 1e-9);
}

}  // namespace
}  // namespace loadline::planning
