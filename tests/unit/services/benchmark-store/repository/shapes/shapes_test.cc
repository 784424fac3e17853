#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "services/benchmark-store/repository/shapes/nearest.h"
#include "services/benchmark-store/repository/shapes/slices.h"

namespace loadline::store {
namespace {

using Random = std::mt19937;

int Whole(Random& random, int low, int high) { return std::uniform_int_distribution(low, high)(random); }

/// Often the same, so that there are ties; now and then an extreme one.
domain::TrafficShape AnyShape(Random& random) {
  constexpr std::array kLengths = {1e-3, 1.0, 100.0, 128.0, 129.0, 512.0, 1e7};
  const auto length = [&] {
    if (Whole(random, 0, 1) == 0) return kLengths[static_cast<std::size_t>(Whole(random, 0, kLengths.size() - 1))];
    return 0.5 * Whole(random, 1, 300);
  };
  return {length(), length()};
}

/// By looking at each of `offered`.
std::uint32_t NearestOf(const std::vector<std::uint32_t>& offered, const std::vector<Curve>& curves,
                        const domain::TrafficShape& asked) {
  const auto key = [&](std::uint32_t curve) { return std::pair(domain::Distance(asked, curves[curve].shape), curve); };
  const auto best = std::min_element(offered.begin(), offered.end(), [&](auto a, auto b) { return key(a) < key(b); });
  return best == offered.end() ? Nearest::kNone : *best;
}

/// Curves of configurations whose attributes have few values each.
struct Data {
  std::vector<domain::Configuration> configurations;
  AttributeNumbers numbers;
  std::vector<SliceKey> keys;
  std::vector<std::uint32_t> first_curve = {0};
  std::vector<Curve> curves;

  Data(Random& random, int configuration_count, int most_shapes) {
    std::set<domain::Configuration> different;
    for (int i = 0; i < configuration_count; ++i) different.insert(AnyConfiguration(random));
    configurations.assign(different.begin(), different.end());
    for (const auto& configuration : configurations) {
      keys.push_back(numbers.Number(configuration));
      AddCurves(random, most_shapes);
    }
  }

  static domain::Configuration AnyConfiguration(Random& random) {
    const auto name = [&](int values) { return std::string(1, static_cast<char>('a' + Whole(random, 0, values - 1))); };
    return {.model = name(9),
            .precision = name(2),
            .hardware = name(3),
            .hardware_count = Whole(random, 1, 2),
            .framework = name(2),
            .framework_version = name(2)};
  }

  void AddCurves(Random& random, int most_shapes) {
    std::set<domain::TrafficShape> shapes;
    for (int i = Whole(random, 1, most_shapes); i > 0; --i) shapes.insert(AnyShape(random));
    const auto rank = static_cast<std::uint32_t>(first_curve.size() - 1);
    for (const auto& shape : shapes) curves.push_back({.shape = shape, .configuration = rank});
    first_curve.push_back(static_cast<std::uint32_t>(curves.size()));
  }

  std::vector<std::uint32_t> MatchesOf(const domain::BenchmarkFilter& filter) const {
    std::vector<std::uint32_t> matches;
    for (std::uint32_t curve = 0; curve < curves.size(); ++curve) {
      if (filter.Matches(configurations[curves[curve].configuration])) matches.push_back(curve);
    }
    return matches;
  }
};

/// Of the values of some configuration, each or not.
domain::BenchmarkFilter AnyFilter(Random& random) {
  const auto like = Data::AnyConfiguration(random);
  domain::BenchmarkFilter filter;
  if (Whole(random, 0, 1) == 0) filter.model = like.model;
  if (Whole(random, 0, 2) == 0) filter.precision = like.precision;
  if (Whole(random, 0, 2) == 0) filter.hardware = like.hardware;
  if (Whole(random, 0, 2) == 0) filter.hardware_count = like.hardware_count;
  if (Whole(random, 0, 2) == 0) filter.framework = like.framework;
  if (Whole(random, 0, 2) == 0) filter.framework_version = like.framework_version;
  return filter;
}

RC_GTEST_PROP(ShapeTree, FindsWhatLookingAtEveryMemberFinds, (unsigned seed)) {
  Random random(seed);
  std::vector<Curve> curves(static_cast<std::size_t>(Whole(random, 1, 400)));
  for (auto& curve : curves) curve.shape = AnyShape(random);
  std::vector<std::uint32_t> members;
  for (std::uint32_t curve = 0; curve < curves.size(); ++curve) {
    if (curve == 0 || Whole(random, 0, 3) > 0) members.push_back(curve);
  }
  const ShapeTree tree(members, curves);
  for (int query = 0; query < 20; ++query) {
    const auto asked = AnyShape(random);
    Nearest nearest(asked, curves);
    tree.Search(nearest);
    const auto expected = NearestOf(members, curves, asked);
    RC_ASSERT(nearest.curve() == expected);
    RC_ASSERT(nearest.distance() == domain::Distance(asked, curves[expected].shape));
  }
}

void ExpectNearest(const Data& data, const SliceIndex& index, const domain::BenchmarkFilter& filter,
                   const domain::TrafficShape& asked) {
  const auto expected = NearestOf(data.MatchesOf(filter), data.curves, asked);
  const auto key = data.numbers.Find(filter);
  if (!key) return RC_ASSERT(expected == Nearest::kNone);
  Nearest nearest(asked, data.curves);
  index.Search(*key, data.keys, data.first_curve, nearest);
  RC_ASSERT(nearest.curve() == expected);
}

RC_GTEST_PROP(SliceIndex, FindsWhatLookingAtEveryMatchFindsForAnyFilter, (unsigned seed)) {
  Random random(seed);
  const Data data(random, Whole(random, 1, 60), 8);
  const SliceIndex index(data.keys, data.first_curve, data.curves);
  for (int query = 0; query < 20; ++query) ExpectNearest(data, index, AnyFilter(random), AnyShape(random));
}

TEST(SliceIndex, FindsItAmongSoManyThatSlicesHaveTrees) {
  constexpr unsigned kSeed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Random random(kSeed);
  const Data data(random, 300, 60);
  ASSERT_GT(data.curves.size(), 5'000U);
  const SliceIndex index(data.keys, data.first_curve, data.curves);
  for (int query = 0; query < 200; ++query) {
    const auto filter = AnyFilter(random);
    const auto asked = AnyShape(random);
    const auto expected = NearestOf(data.MatchesOf(filter), data.curves, asked);
    const auto key = data.numbers.Find(filter);
    ASSERT_TRUE(key.has_value());
    Nearest nearest(asked, data.curves);
    index.Search(*key, data.keys, data.first_curve, nearest);
    ASSERT_EQ(nearest.curve(), expected) << "query " << query << " for " << asked.ToString();
  }
}

TEST(AttributeNumbers, AFilterOnWhatDoesNotOccurSelectsNothing) {
  AttributeNumbers numbers;
  numbers.Number({.model = "a",
                  .precision = "fp8",
                  .hardware = "H100",
                  .hardware_count = 1,
                  .framework = "vllm",
                  .framework_version = "0.11.0"});
  EXPECT_TRUE(numbers.Find({.model = "a"}).has_value());
  EXPECT_EQ(numbers.Find({.model = "b"}), std::nullopt);
  EXPECT_EQ(numbers.Find({.hardware = "fp8"}), std::nullopt) << "of another attribute";
}

}  // namespace
}  // namespace loadline::store
