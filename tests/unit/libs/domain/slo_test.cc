#include "libs/domain/slo.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <clocale>
#include <locale>

#include "libs/testing/matchers.h"

namespace loadline::domain {
namespace {

using ::loadline::testing::Fails;
using ::loadline::testing::HasViolation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Case {
  std::string text;
  std::string expected;
};

TEST(Slo, IsReadInOrder) {
  const auto slo = Slo::Parse("ttft:p95<500ms;itl:mean<40ms;e2e:p99<20s");
  ASSERT_TRUE(slo);
  EXPECT_THAT(slo->limits(),
              ElementsAre(Limit{Metric::kTtft, Statistic::kP95, 500}, Limit{Metric::kItl, Statistic::kMean, 40},
                          Limit{Metric::kE2e, Statistic::kP99, 20'000}));
}

TEST(Slo, EverySpellingHasOneNormalForm) {
  const Case cases[] = {
      {"ttft:p95<500ms", "ttft:p95<500ms"},
      {" TTFT : P95 <= 0.5 S ", "ttft:p95<500ms"},
      {"ttft:p95<500ms,itl:p50<4e1ms", "ttft:p95<500ms;itl:p50<40ms"},
      {"ttft:p95\t<\n.5s", "ttft:p95<500ms"},
      {"e2e:mean<1.1s", "e2e:mean<1100ms"},
      {"e2e:mean<86400s", "e2e:mean<86400000ms"},
      {"e2e:mean<1e-3s", "e2e:mean<1ms"},
      {"itl:p90<0.125ms", "itl:p90<0.125ms"},
      {"itl:p90<5.ms", "itl:p90<5ms"},
  };
  for (const auto& [text, expected] : cases) {
    const auto slo = Slo::Parse(text);
    ASSERT_TRUE(slo) << text << ": " << slo.error().message;
    EXPECT_EQ(slo->ToString(), expected) << text;
  }
}

TEST(Slo, AMistakeIsNamedWithItsPositionAndWhatIsAllowed) {
  const Case cases[] = {
      {"", "at position 1: a metric is missing before the end; allowed: ttft, itl, e2e"},
      {"   ", "at position 4: a metric is missing"},
      {"tpot:p95<5ms", "at position 1: `tpot` is not a metric; allowed: ttft, itl, e2e"},
      {"ttft", "at position 5: expected `:`, found the end"},
      {"ttft p95<5ms", "at position 6: expected `:`, found `p95`"},
      {"ttft:<5ms", "at position 6: a statistic is missing before `<`; allowed: mean, p50, p90, p95, p99"},
      {"ttft:p42<5ms", "at position 6: `p42` is not a statistic; allowed: mean, p50, p90, p95, p99"},
      {"ttft:p95", "at position 9: expected `<`, found the end"},
      {"ttft:p95>5ms", "at position 6: `p95>5ms` is not a statistic"},
      {"ttft:p95=5ms", "at position 9: expected `<`, found `=`"},
      {"ttft:p95<", "at position 10: a number such as `500ms` is missing before the end"},
      {"ttft:p95<ms", "at position 10: a number such as `500ms` is missing before `ms`"},
      {"ttft:p95<+5ms", "at position 10: a number such as `500ms` is missing before `+5ms`"},
      {"ttft:p95<5", "at position 10: `5` has no unit; allowed: ms, s"},
      {"ttft:p95<5;itl:p95<4ms", "at position 10: `5` has no unit; allowed: ms, s"},
      {"ttft:p95<5min", "at position 11: `min` is not a unit; allowed: ms, s"},
      {"ttft:p95<5 00ms", "at position 12: `00ms` is not a unit"},
      {"ttft:p95<0x10ms", "at position 11: `x10ms` is not a unit"},
      {"ttft:p95<5us", "at position 11: `us` is not a unit"},
      {"ttft:p95<5ms;", "at position 14: a metric is missing before the end"},
      {"ttft:p95<5ms;;", "at position 14: a metric is missing before `;`"},
      {"ttft:p95<5ms x", "at position 14: expected `;` and another limit, or the end; found `x`"},
      {"ttft:p95<5ms;itl:p9<4ms", "at position 18: `p9` is not a statistic"},
      {"ttft:p95\xE2\x89\xA4"
       "5ms",
       "`p95\\xe2\\x89\\xa45ms` is not a statistic"},
  };
  for (const auto& [text, expected] : cases) {
    const auto slo = Slo::Parse(text);
    ASSERT_FALSE(slo) << text;
    EXPECT_THAT(slo.error().message, HasSubstr(expected)) << text;
  }
}

TEST(Slo, ANumberMustBePositiveAndAtMostADay) {
  for (const char* number : {"0ms", "-0ms", "-5ms", "nanms", "infms", "-infs", "infinityms", "86400.001s", "86400001ms",
                             "1e400ms", "1e400s", "1e-400s", "1e300s"}) {
    const auto slo = Slo::Parse(std::string("itl:p50<") + number);
    ASSERT_FALSE(slo) << number;
    EXPECT_THAT(slo.error().message, HasSubstr(std::string("at position 9: `") + number + "` must be greater than 0"))
        << number;
  }
}

TEST(Slo, EachMetricAndStatisticIsLimitedOnce) {
  const auto slo = Slo::Parse("ttft:p95<5ms;ttft:p99<9ms; TTFT:P95<=6ms");
  ASSERT_FALSE(slo);
  EXPECT_THAT(slo.error().message, HasSubstr("at position 28: `ttft:p95` is limited twice"));
}

TEST(Slo, HoldsFifteenLimits) {
  std::string text;
  for (const Metric metric : kMetrics) {
    for (const Statistic statistic : kStatistics) {
      text += (text.empty() ? "" : ";") + Limit{metric, statistic, 5}.ToString();
    }
  }
  const auto slo = Slo::Parse(text);
  ASSERT_TRUE(slo) << slo.error().message;
  EXPECT_EQ(slo->limits().size(), 15u);
  EXPECT_EQ(slo->ToString(), text);
  EXPECT_FALSE(Slo::Parse(text + ";e2e:p95<1ms"));
}

TEST(Slo, FailsWithOneViolationOnTheField) {
  const auto slo = Slo::Parse("x", "target.slo");
  EXPECT_THAT(slo, Fails(base::ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(slo, HasViolation("target.slo"));
  ASSERT_EQ(slo.error().violations.size(), 1u);
}

TEST(Slo, HugeTextIsRefusedWithAShortMessage) {
  for (const char filling : {'a', '9', ';', ' ', '<', '\0', '\xFF'}) {
    for (const char* start : {"", "ttft:", "ttft:p95<", "ttft:p95<5", "ttft:p95<5ms;"}) {
      const auto slo = Slo::Parse(start + std::string(1'000'000, filling));
      ASSERT_FALSE(slo) << start << filling;
      EXPECT_LT(slo.error().message.size(), 400u) << start << filling;
    }
  }
}

struct DecimalComma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

/// Makes the decimal comma usual, in C (where such a locale is installed) and
/// in C++.
class GermanNumbers {
 public:
  GermanNumbers() { std::setlocale(LC_NUMERIC, "de_DE.UTF-8"); }
  ~GermanNumbers() {
    std::locale::global(before_);
    std::setlocale(LC_NUMERIC, "C");
  }

 private:
  std::locale before_ = std::locale::global(std::locale(std::locale::classic(), new DecimalComma));
};

TEST(Slo, DoesNotDependOnTheLocale) {
  const GermanNumbers german;
  const auto slo = Slo::Parse("ttft:p95<0.5ms;itl:p50<1.25s");
  ASSERT_TRUE(slo);
  EXPECT_EQ(slo->ToString(), "ttft:p95<0.5ms;itl:p50<1250ms");
}

RC_GTEST_PROP(SloProperty, ItsNormalFormIsReadBackUnchanged, ()) {
  std::string text;
  for (const Metric metric : kMetrics) {
    const auto statistic = *rc::gen::elementOf(std::vector(kStatistics.begin(), kStatistics.end()));
    const auto numerator = static_cast<double>(*rc::gen::inRange<std::int64_t>(1, 86'400'000));
    const auto denominator = static_cast<double>(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000));
    text += Limit{metric, statistic, numerator / denominator}.ToString() + (metric == Metric::kE2e ? "" : ";");
  }
  const auto slo = Slo::Parse(text);
  RC_ASSERT(slo.has_value());
  RC_ASSERT(slo->ToString() == text);
  RC_ASSERT(*Slo::Parse(slo->ToString()) == *slo);
}

RC_GTEST_PROP(SloProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  const auto slo = Slo::Parse(text);
  if (slo) RC_ASSERT(*Slo::Parse(slo->ToString()) == *slo);
  if (!slo) RC_ASSERT(slo.error().violations.size() == 1u);
}

}  // namespace
}  // namespace loadline::domain
