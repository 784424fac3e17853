#include "cli/moving/summary_reader.h"

#include <gmock/gmock.h>

namespace loadline::cli {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

using Values = std::vector<std::optional<std::string>>;

TEST(SummaryReaderTest, ReadsARowAsTheImporterOfDumpsDoes) {
  const auto row =
      ReadSummaryRow({"model_hf_repo", "framework_version", "ttft_p95", "responses_per_second", "ttft_p99"},
                     Values{"acme/a", "v0.8.4", "12.5", "3", std::nullopt});
  EXPECT_THAT(row.problems, IsEmpty());
  EXPECT_EQ(row.measurement.configuration.model, "acme/a");
  EXPECT_EQ(row.measurement.configuration.framework_version, "0.8.4");
  EXPECT_EQ(row.measurement.ttft[domain::Statistic::kP95], 12.5);
  EXPECT_FALSE(row.measurement.ttft[domain::Statistic::kP99]);
  EXPECT_EQ(row.measurement.provenance.source, "exported_summaries");
}

TEST(SummaryReaderTest, KeepsWhatARowSaysOfItsOrigin) {
  for (const auto* yes : {"t", "true", "1"}) {
    const auto row = ReadSummaryRow({"model_hf_repo", "simulated", "source"}, Values{"acme/a", yes, "bench"});
    EXPECT_EQ(row.measurement.provenance.origin, domain::Origin::kSimulated) << yes;
    EXPECT_EQ(row.measurement.provenance.source, "bench");
  }
}

TEST(SummaryReaderTest, NotesWhatItCannotRead) {
  EXPECT_THAT(ReadSummaryRow({"model_hf_repo", "ttft_p95"}, Values{"acme/a", "fast"}).problems, Not(IsEmpty()));
}

TEST(SummaryReaderTest, PutsAMarkForWhatIsNotUtf8) {
  const auto row = ReadSummaryRow({"model_hf_repo"}, Values{"a\xff"
                                                            "b\xc3"});
  EXPECT_EQ(row.measurement.configuration.model, "a?b?");
}

}  // namespace
}  // namespace loadline::cli
