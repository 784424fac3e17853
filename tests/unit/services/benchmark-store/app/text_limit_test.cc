#include "services/benchmark-store/app/text_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/sample.h"

namespace loadline::store {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

ImportedRow RowWith(const std::string& text) {
  auto measurement = Sample({});
  auto& [model, precision, hardware, count, framework, version] = measurement.configuration;
  auto& provenance = measurement.provenance;
  for (auto* field :
       {&model, &precision, &hardware, &framework, &version, &provenance.source, &provenance.confidence_level,
        &provenance.format, &provenance.tool_version, &provenance.sha256, &provenance.path}) {
    *field = text;
  }
  return {.measurement = measurement, .location = text, .problems = std::vector<std::string>(50, text)};
}

TEST(WithinTextLimits, CutsEveryText) {
  const auto cut = WithinTextLimits(RowWith(std::string(5000, 'x')));
  const auto expected = RowWith(std::string(kMaxTextBytes, 'x'));
  EXPECT_EQ(cut.measurement, expected.measurement);
  EXPECT_EQ(cut.location, expected.location);
  EXPECT_THAT(cut.problems, SizeIs(kMaxProblems));
  EXPECT_THAT(cut.problems, Each(std::string(kMaxTextBytes, 'x')));
}

TEST(WithinTextLimits, LeavesWhatFits) {
  const auto row = RowWith(std::string(kMaxTextBytes, 'x'));
  EXPECT_EQ(WithinTextLimits(row).measurement, row.measurement);
  EXPECT_EQ(WithinTextLimits(row).location, row.location);
}

TEST(WithinTextLimits, CutsBetweenCharacters) {
  const std::string euro = "\xE2\x82\xAC";
  std::string text = "ab";
  while (text.size() < 2 * kMaxTextBytes) text += euro;
  const auto cut = WithinTextLimits(RowWith(text)).location;
  EXPECT_EQ(cut.size(), 2 + (kMaxTextBytes - 2) / euro.size() * euro.size());
  EXPECT_TRUE(cut.ends_with(euro));
}

}  // namespace
}  // namespace loadline::store
