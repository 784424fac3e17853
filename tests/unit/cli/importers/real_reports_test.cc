#include <gmock/gmock.h>

#include "libs/domain/judge.h"
#include "tests/unit/cli/importers/reports.h"

// Reports that people published, in a folder beside the repository. Expected
// numbers were read off the files by hand.

namespace loadline::cli {
namespace {

using domain::LatencySummary;
using domain::Load;
using domain::Origin;
using domain::Reading;
using domain::TokenLengths;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::filesystem::path Shared(const std::string& name) {
  return std::filesystem::path(LOADLINE_SOURCE_DIR) / ".." / "shared" / "data" / name;
}

class RealReports : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Shared("SOURCES.md"))) GTEST_SKIP() << Shared("") << " is not here";
  }
};

ImportedReport ReadReal(const std::string& name, const ImportOptions& options) {
  return ReadClean({.path = name, .text = Contents(Shared(name))}, options);
}

/// What a row of a report must be read as.
struct Expected {
  std::string file;
  std::size_t row = 0;
  std::string model;
  LatencySummary ttft, itl, tpot, e2e;
  Load load;
  Reading tokens_per_second;
  TokenLengths input, output;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t measured_at_ms = 0;
};

void ExpectRow(const Expected& expected) {
  SCOPED_TRACE(expected.file + " row " + std::to_string(expected.row));
  const ImportedReport report = ReadReal(expected.file, Hardware());
  ASSERT_GT(report.rows.size(), expected.row);
  const domain::Measurement& m = report.rows[expected.row].measurement;
  EXPECT_EQ(m.configuration.model, expected.model);
  EXPECT_EQ(m.ttft, expected.ttft);
  EXPECT_EQ(m.itl, expected.itl);
  EXPECT_EQ(m.tpot, expected.tpot);
  EXPECT_EQ(m.e2e, expected.e2e);
  EXPECT_EQ(m.load, expected.load);
  EXPECT_EQ(m.tokens_per_second, expected.tokens_per_second);
  EXPECT_EQ(m.input_lengths, expected.input);
  EXPECT_EQ(m.output_lengths, expected.output);
  EXPECT_EQ(m.completed_requests, expected.completed);
  EXPECT_EQ(m.failed_requests, expected.failed);
  EXPECT_EQ(m.measured_at, base::Timestamp(std::chrono::milliseconds(expected.measured_at_ms)));
}

TEST_F(RealReports, GuidellmGeneration0AsJsonAndAsYaml) {
  for (const char* file :
       {"guidellm/upstream_v0.3_benchmarks_stripped.json", "guidellm/upstream_v0.3_benchmarks_stripped.yaml"}) {
    ExpectRow(
        {.file = file,
         .model = "example_model",
         .ttft =
             Latency(16.792535781860348, 16.38054847717285, 18.505334854125977, 19.00935173034668, 21.281957626342773),
         .itl = Latency(4.941609043733832, 4.9241227427805505, 4.973544849185493, 5.032650129062923, 5.258346167136365),
         .tpot = Latency(4.90300272307966, 4.885653033852577, 4.934689030051231, 4.993332549929619, 5.217265337705612),
         .e2e = Latency(644.4743664368339, 642.4565315246582, 648.8735675811768, 656.728982925415, 689.1846656799316),
         .load = {.achieved_rps = 1.5481806532737452, .concurrency = 0.9977627456483604},
         .tokens_per_second = 198.13346751788123,
         .input = {.mean = 257.1086956521739, .nominal = 256.0},
         .output = {.mean = 127.99999999999999, .nominal = 128.0},
         .completed = 46,
         .measured_at_ms = 1749157168183});
  }
}

TEST_F(RealReports, GuidellmGeneration2) {
  const std::string file = "guidellm/guidellm_v2_llm-d-benchmark_fixture.json";
  const TokenLengths output = {.mean = 8.0, .nominal = 8.0};
  ExpectRow(
      {.file = file,
       .row = 0,
       .model = "e2e-mock-model",
       .ttft =
           Latency(11.481165885925293, 11.276006698608398, 11.686325073242188, 11.686325073242188, 11.686325073242188),
       .itl =
           Latency(1.1508464813232422, 1.0459763663155692, 1.2557165963309151, 1.2557165963309151, 1.2557165963309151),
       .tpot =
           Latency(1.1508464813232422, 1.0459763663155692, 1.2557165963309151, 1.2557165963309151, 1.2557165963309151),
       .e2e =
           Latency(19.78909969329834, 19.269227981567383, 20.308971405029297, 20.308971405029297, 20.308971405029297),
       .load = {.offered_rps = 2.0, .achieved_rps = 0.39843430656414264, .concurrency = 0.007884656213828013},
       .tokens_per_second = 3.1950675815128577,
       .input = {.mean = 71.5, .nominal = 32.0, .stdev = 4.0, .min = 8.0, .max = 64.0},
       .output = output,
       .completed = 2,
       .measured_at_ms = 1786678148253});
  ExpectRow(
      {.file = file,
       .row = 1,
       .model = "e2e-mock-model",
       .ttft = Latency(9.78386402130127, 9.419918060302734, 10.147809982299805, 10.147809982299805, 10.147809982299805),
       .itl = Latency(1.0904414313180106, 0.9067058563232422, 1.274177006312779, 1.274177006312779, 1.274177006312779),
       .tpot = Latency(1.0904414313180106, 0.9067058563232422, 1.274177006312779, 1.274177006312779, 1.274177006312779),
       .e2e =
           Latency(17.633914947509766, 15.973806381225586, 19.294023513793945, 19.294023513793945, 19.294023513793945),
       .load = {.offered_rps = 4.0, .achieved_rps = 0.7940882013937378, .concurrency = 0.014002883804198177},
       .tokens_per_second = 6.377131566888984,
       .input = {.mean = 65.5, .nominal = 32.0, .stdev = 4.0, .min = 8.0, .max = 64.0},
       .output = output,
       .completed = 2,
       .measured_at_ms = 1786678163569});
  EXPECT_EQ(ReadReal(file, Hardware()).rows[0].measurement.provenance.tool_version, "0.8.0.dev18");
}

TEST_F(RealReports, GuidellmSweepRows) {
  const std::string file = "guidellm/llama-3.1-8b-sweeps/sweep-i1024-o1024.json";
  const std::string model = "meta-llama/Llama-3.1-8B";
  ExpectRow(
      {.file = file,
       .row = 0,
       .model = model,
       .ttft =
           Latency(35.702427228291825, 36.305904388427734, 42.88816452026367, 44.00491714477539, 51.056861877441406),
       .itl = Latency(6.755588201512952, 6.759818180644656, 6.788422101698582, 6.8049048779794115, 6.835042877968561),
       .tpot = Latency(6.748651488014535, 6.75366228148782, 6.777765238116637, 6.798818200986585, 6.829289474872628),
       .e2e = Latency(6608.322633637323, 5990.0782108306885, 9557.04140663147, 9925.639867782593, 10399.41143989563),
       .load = {.achieved_rps = 0.1512959219198085, .concurrency = 0.9998122651996958},
       .tokens_per_second = 147.34261551557057,
       .input = {.mean = 960.6296296296297, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .output = {.mean = 973.8888888888887, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .completed = 54,
       .measured_at_ms = 1761007357105});
  ExpectRow(
      {.file = file,
       .row = 1,
       .model = model,
       .ttft = Latency(31459.311841513285, 37014.06955718994, 40421.68426513672, 41352.06985473633, 56506.051778793335),
       .itl = Latency(44.5673733421645, 43.03748646452576, 45.923297852775455, 51.171130871554034, 79.80231014132139),
       .tpot = Latency(44.52379993956167, 42.99858119602582, 45.88720476613108, 51.07741085164276, 79.72170174723924),
       .e2e = Latency(76998.89293069943, 78127.11381912231, 98799.89552497864, 102095.04556655884, 114281.45241737366),
       .load = {.achieved_rps = 5.900656332330418, .concurrency = 454.3440052289146, .saturated = true},
       .tokens_per_second = 6035.255839483087,
       .input = {.mean = 1034.4776049033476, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .output = {.mean = 1022.8114097123998, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .completed = 2121,
       .measured_at_ms = 1761007722269});
  ExpectRow(
      {.file = file,
       .row = 9,
       .model = model,
       .ttft = Latency(60.14727435019799, 59.64326858520508, 71.46191596984863, 75.60968399047852, 91.20297431945801),
       .itl = Latency(19.730273822522825, 20.199471016220635, 20.68843361019164, 20.78636924664931, 20.96266340702138),
       .tpot =
           Latency(19.711125507480862, 20.182227419915602, 20.67105586712177, 20.766877501149988, 20.936146888943668),
       .e2e = Latency(20370.41640175293, 20486.0737323761, 28620.95022201538, 29908.60152244568, 30943.307638168335),
       .load = {.offered_rps = 5.900656332330418, .achieved_rps = 5.602957761197123, .concurrency = 114.13458267701876},
       .tokens_per_second = 5773.241008971731,
       .input = {.mean = 1033.2721864154685, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .output = {.mean = 1030.3921665840355, .nominal = 1024.0, .min = 512.0, .max = 1536.0},
       .completed = 2017,
       .measured_at_ms = 1761011426372});
}

/// "i64-o256[5] NEGATIVE_VALUE": the first reason against each row that the
/// judge refuses.
std::vector<std::string> QuarantinedSweepRows(int& rows) {
  std::vector<std::string> quarantined;
  for (const char* input : {"64", "256", "1024", "4096"}) {
    for (const char* output : {"64", "256", "1024", "4096"}) {
      const std::string shape = std::string("i") + input + "-o" + output;
      const auto report = ReadReal("guidellm/llama-3.1-8b-sweeps/sweep-" + shape + ".json", Hardware());
      for (const ImportedRow& row : report.rows) {
        ++rows;
        const auto verdict = domain::Judge(row.measurement);
        if (!verdict.accepted()) quarantined.push_back(shape + row.location + " " + verdict.reasons.front().reason);
      }
    }
  }
  return quarantined;
}

TEST_F(RealReports, TheCorruptSweepRowsAreQuarantinedAndNoOther) {
  int rows = 0;
  const auto quarantined = QuarantinedSweepRows(rows);
  EXPECT_EQ(rows, 160);
  EXPECT_THAT(quarantined, UnorderedElementsAre("i64-o4096[0] TOO_FEW_REQUESTS", "i256-o4096[0] TOO_FEW_REQUESTS",
                                                "i1024-o4096[0] TOO_FEW_REQUESTS", "i4096-o4096[0] TOO_FEW_REQUESTS",
                                                "i4096-o4096[2] TOO_FEW_REQUESTS", "i256-o256[1] NEGATIVE_VALUE",
                                                "i256-o256[9] NEGATIVE_VALUE", "i64-o256[5] NEGATIVE_VALUE",
                                                "i64-o256[6] NEGATIVE_VALUE", "i64-o256[7] NEGATIVE_VALUE",
                                                "i64-o256[8] NEGATIVE_VALUE", "i64-o256[9] NEGATIVE_VALUE"));
}

TEST_F(RealReports, VllmResults) {
  ExpectRow({.file = "vllm/inferencex_multinode_minimax-m2.5_conc16_ctx8_gen8.json",
             .model = "MiniMaxAI/MiniMax-M2.5",
             .ttft = Latency(177.28006526303943, 137.23533554002643, 269.01265301276, kAbsent, 412.05388789297996),
             .itl = Latency(17.564719371964884, 17.580883926711977, 19.01229675859213, kAbsent, 19.53902784269303),
             .tpot = Latency(17.564719299398767, 17.56061658305084, 17.610166981731627, kAbsent, 17.63727733525352),
             .e2e = Latency(18145.987908547977, 18126.11438310705, 18231.70208907686, kAbsent, 18345.085098790005),
             .load = {.achieved_rps = 0.879777468158535, .concurrency = 16.0},
             .tokens_per_second = 900.8921273943398,
             .input = {.mean = 1024.0},
             .output = {.mean = 1024.0},
             .completed = 160,
             .measured_at_ms = 1777377797000});  // 2026-04-28T12:03:17Z
  const LatencySummary tpot =
      Latency(17.294128568510715, 17.393898241078155, 18.132639238317854, kAbsent, 18.459965544077445);
  ExpectRow({.file = "vllm/inferencex_raw_kimik2.5_1k1k_int4_vllm_tp8-ep1-dpafalse_disagg-false_spec-mtp_conc4_MI355-"
                     "gbt350-odcdh5-wbb3.json",
             .model = "moonshotai/Kimi-K2.5",
             .ttft = Latency(317.0863160688896, 296.9768075272441, 353.86848766356724, kAbsent, 585.9901384473777),
             .itl = tpot,  // its gaps, 48.7 ms, are of several tokens each
             .tpot = tpot,
             .e2e = Latency(16175.88243483915, 16261.2041993998, 17897.407873393968, kAbsent, 18323.80557443248),
             .load = {.achieved_rps = 0.2412749918924886, .concurrency = 4.0},
             .tokens_per_second = 221.42409193453412,
             .input = {.mean = 37068.0 / 40},
             .output = {.mean = 36709.0 / 40},
             .completed = 40,
             .measured_at_ms = 1779868226000});  // 2026-05-27T07:50:26Z
}

TEST_F(RealReports, AVllmRunThatFailedEntirelyIsRefused) {
  const std::string name = "vllm/inferencex_raw_minimaxm2.5_8k1k_conc64.json";
  EXPECT_THAT(ReadReport({.path = name, .text = Contents(Shared(name))}, Hardware()),
              testing::Fails(base::ErrorCode::kInvalidArgument, "ALL_REQUESTS_FAILED"));
}

TEST_F(RealReports, SimulatedSummariesAllPassAsSimulated) {
  const ImportedReport report = ReadReal("exported_summaries/benchmarks_BLIS.json", {});
  ASSERT_THAT(report.rows, SizeIs(1383));
  for (const ImportedRow& row : report.rows) {
    EXPECT_EQ(row.measurement.provenance.origin, Origin::kSimulated) << row.location;
    EXPECT_EQ(row.measurement.provenance.source, "BLIS simulator") << row.location;
    EXPECT_TRUE(domain::Judge(row.measurement).accepted()) << row.location;
  }
  const auto& m = report.rows[700].measurement;
  EXPECT_EQ(m.configuration.ToString(), "redhatai/phi-4-fp8-dynamic on 1x H100, vllm 0.8.4");
  EXPECT_EQ(m.ttft, Latency(203.976, kAbsent, 232.525, 234.824, 250.294));
  EXPECT_EQ(m.itl, Latency(12.822, kAbsent, 10.902, 10.916, 92.412));
  EXPECT_EQ(m.e2e, Latency(6726.136, kAbsent, 8398.091, 8864.413, 9696.973));
  EXPECT_EQ(m.load, (Load{.offered_rps = 1.8888888888888888, .achieved_rps = 1.81}));
  EXPECT_EQ(m.tokens_per_second, Reading(918.804));
  EXPECT_EQ(m.input_lengths, (TokenLengths{.mean = 4096.0, .nominal = 4096.0, .stdev = 512.0}));
  EXPECT_EQ(m.output_lengths, (TokenLengths{.mean = 512.0, .nominal = 512.0, .stdev = 128.0}));
  EXPECT_EQ(report.rows[1382].measurement.configuration.hardware_count, 8);
  EXPECT_EQ(report.rows[1382].measurement.load.achieved_rps, Reading(2.928));
}

TEST_F(RealReports, InterpolatedSummariesKeepThatLabel) {
  const ImportedReport report =
      ReadReal("exported_summaries/benchmarks_interpolated_v2.json", {.overrides = {.framework = "vllm"}});
  ASSERT_THAT(report.rows, SizeIs(500));
  for (const ImportedRow& row : report.rows) {
    EXPECT_EQ(row.measurement.provenance.origin, Origin::kInterpolated) << row.location;
    EXPECT_EQ(row.measurement.provenance.confidence_level, "0.75") << row.location;
  }
  const auto& m = report.rows[250].measurement;
  EXPECT_EQ(m.configuration.model, "qwen3-235b-a22b-2507-reasoning");
  EXPECT_EQ(m.configuration.hardware, "B200");
  EXPECT_EQ(m.configuration.hardware_count, 4);
  EXPECT_EQ(m.ttft, Latency(37.99, kAbsent, 48.0, 49.77, 67.62));
  EXPECT_EQ(m.tokens_per_second, Reading(3000.0));
  EXPECT_EQ(m.load, (Load{.offered_rps = 7.52, .achieved_rps = 3000.0 / 1536}));
}

TEST_F(RealReports, AFileWithoutFrameworkAsksForIt) {
  const std::string name = "exported_summaries/benchmarks_interpolated_v2.json";
  const auto report = ReadReport({.path = name, .text = Contents(Shared(name))}, {});
  EXPECT_THAT(report, testing::Fails(base::ErrorCode::kInvalidArgument, "MISSING_SETTING"));
  ASSERT_THAT(report.error().violations, SizeIs(1));
  EXPECT_EQ(report.error().violations[0].field, "--framework");
}

}  // namespace
}  // namespace loadline::cli
