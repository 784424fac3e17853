#include "libs/domain/filter.h"

#include <gtest/gtest.h>

namespace loadline::domain {
namespace {

const Configuration kConfiguration = {.model = "m",
                                      .precision = "fp8",
                                      .hardware = "H100",
                                      .hardware_count = 2,
                                      .framework = "vllm",
                                      .framework_version = "0.11.0"};

TEST(BenchmarkFilter, AnEmptyOneMatchesEverything) { EXPECT_TRUE(BenchmarkFilter{}.Matches(kConfiguration)); }

TEST(BenchmarkFilter, AllOfItsFieldsMustMatch) {
  const BenchmarkFilter same = {.model = "m",
                                .hardware = "H100",
                                .hardware_count = 2,
                                .framework = "vllm",
                                .framework_version = "0.11.0",
                                .precision = "fp8"};
  EXPECT_TRUE(same.Matches(kConfiguration));
  BenchmarkFilter other = same;
  other.precision = "bf16";
  EXPECT_FALSE(other.Matches(kConfiguration));
}

TEST(BenchmarkFilter, EachFieldAloneMayRefuse) {
  EXPECT_FALSE(BenchmarkFilter{.model = "n"}.Matches(kConfiguration));
  EXPECT_FALSE(BenchmarkFilter{.hardware = "L4"}.Matches(kConfiguration));
  EXPECT_FALSE(BenchmarkFilter{.hardware_count = 1}.Matches(kConfiguration));
  EXPECT_FALSE(BenchmarkFilter{.framework = "sglang"}.Matches(kConfiguration));
  EXPECT_FALSE(BenchmarkFilter{.framework_version = "0.11"}.Matches(kConfiguration));
  EXPECT_FALSE(BenchmarkFilter{.precision = "fp"}.Matches(kConfiguration));
}

TEST(BenchmarkFilter, ItsShapeIsNotLookedAt) {
  EXPECT_TRUE((BenchmarkFilter{.shape = TrafficShape{1, 1}}.Matches(kConfiguration)));
}

}  // namespace
}  // namespace loadline::domain
