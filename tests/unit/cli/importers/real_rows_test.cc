#include <gmock/gmock.h>

#include "tests/unit/cli/importers/reports.h"

// Every report that people published, in a folder beside the repository, in the
// order of its folders. The numbers were taken from the files by their fields,
// not by these importers: seconds x 1000, tokens / requests, and the like.

namespace loadline::cli {
namespace {

using domain::LatencySummary;
using domain::Reading;

struct RealRow {
  std::string file;
  std::size_t row = 0;
  std::string format;
  /// What the report does not say is "given", or 3 GPUs.
  std::string configuration;
  LatencySummary ttft = {};
  LatencySummary itl = {};
  LatencySummary tpot = {};
  LatencySummary e2e = {};
  domain::Load load = {};
  Reading tokens_per_second = {};
  Reading mean_input = {};
  Reading nominal_input = {};
  Reading mean_output = {};
  Reading nominal_output = {};
  std::optional<std::int64_t> completed = {};
  std::optional<std::int64_t> failed = {};
};

std::filesystem::path SharedData() { return std::filesystem::path(LOADLINE_SOURCE_DIR) / ".." / "shared" / "data"; }

/// A report with the files beside it, as the command opens it.
ReportFile Open(const std::string& name) {
  const auto path = SharedData() / name;
  ReportFile file = {.path = name, .text = Contents(path)};
  file.neighbours.names = [path] {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path.parent_path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  };
  file.neighbours.read = [path](const std::string& beside) -> std::optional<std::string> {
    const auto neighbour = path.parent_path() / beside;
    return std::filesystem::exists(neighbour) ? std::optional(Contents(neighbour)) : std::nullopt;
  };
  return file;
}

const ImportOptions kGiven = {
    .fallbacks = {.model = "given", .hardware = "given", .hardware_count = 3, .framework = "given"}};

void PrintTo(const RealRow& row, std::ostream* out) { *out << row.file << " row " << row.row; }

class RealRows : public ::testing::TestWithParam<RealRow> {};

TEST_P(RealRows, AreReadAsTheyWereWritten) {
  if (!std::filesystem::exists(SharedData())) GTEST_SKIP() << SharedData() << " is not here";
  const RealRow& expected = GetParam();
  const auto report = ReadReport(Open(expected.file), kGiven);
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_EQ(report->format, expected.format);
  ASSERT_GT(report->rows.size(), expected.row);
  EXPECT_THAT(report->rows[expected.row].problems, ::testing::IsEmpty());
  const domain::Measurement& m = report->rows[expected.row].measurement;
  EXPECT_EQ(m.configuration.ToString(), expected.configuration);
  EXPECT_EQ(m.ttft, expected.ttft);
  EXPECT_EQ(m.itl, expected.itl);
  EXPECT_EQ(m.tpot, expected.tpot);
  EXPECT_EQ(m.e2e, expected.e2e);
  EXPECT_EQ(m.load, expected.load);
  EXPECT_EQ(m.tokens_per_second, expected.tokens_per_second);
  EXPECT_EQ(m.input_lengths.mean, expected.mean_input);
  EXPECT_EQ(m.input_lengths.nominal, expected.nominal_input);
  EXPECT_EQ(m.output_lengths.mean, expected.mean_output);
  EXPECT_EQ(m.output_lengths.nominal, expected.nominal_output);
  EXPECT_EQ(m.completed_requests, expected.completed);
  EXPECT_EQ(m.failed_requests, expected.failed);
}

const RealRow kRows[] = {
    {.file = "aiperf/inferencex_kimik2.7_tp4_conc8_mi355x_profile_export_aiperf.json",
     .row = 0,
     .format = "aiperf/json",
     .configuration = "amd/Kimi-K2.7-Code-MXFP4 on 3x given, given",
     .ttft = Latency(14911.043931621993, 11957.925403, 29393.272232600008, 38888.39867839999, 62497.24599587998),
     .itl = Latency(38.76455114755862, 34.38493977699254, 47.4683439636742, 54.34662187768986, 90.24896145370379),
     .tpot = Latency(38.76455114755862, 34.38493977699254, 47.4683439636742, 54.34662187768986, 90.24896145370379),
     .e2e = Latency(45819.67126792783, 26523.656316, 89634.59346020002, 137867.20867679993, 333188.6924268799),
     .load = {.achieved_rps = 0.2404956464835155, .concurrency = 8.0},
     .tokens_per_second = 198.41441798570406,
     .mean_input = 87276.83963344787,
     .mean_output = 825.0229095074455,
     .completed = 873},
    {.file = "aiperf/aiperf_fixture_qwen_concurrency1_profile_export_aiperf.json",
     .row = 0,
     .format = "aiperf/json",
     .configuration = "Qwen/Qwen3-0.6B on 3x NVIDIA RTX 6000 Ada Generation, given",
     .ttft = Latency(30.814987671875, 30.668547999999998, 32.5407818, 33.0437491, 34.344268879999994),
     .itl = Latency(18.19909533160138, 18.158001085427134, 18.501767488944722, 18.883067175879397, 19.481766498241203),
     .tpot = Latency(18.19909533160138, 18.158001085427134, 18.501767488944722, 18.883067175879397, 19.481766498241203),
     .e2e = Latency(3652.1454372343746, 3644.0809205, 3710.542044, 3789.34443225, 3909.3341161199996),
     .load = {.achieved_rps = 0.2504302580624667, .concurrency = 1.0},
     .tokens_per_second = 50.08213863971112,
     .mean_input = 100.0,
     .nominal_input = 100.0,
     .mean_output = 199.984375,
     .nominal_output = 200.0,
     .completed = 64},
    {.file = "aiperf/inferencex_kimik2.7_tp4_conc8_mi355x_profile_export_aiperf.csv",
     .row = 0,
     .format = "aiperf/csv",
     .configuration = "given on 3x given, given",
     .ttft = Latency(14911.04, 11957.93, 29393.27, 38888.4, 62497.25),
     .itl = Latency(38.76, 34.38, 47.47, 54.35, 90.25),
     .tpot = Latency(38.76, 34.38, 47.47, 54.35, 90.25),
     .e2e = Latency(45819.67, 26523.66, 89634.59, 137867.21, 333188.69),
     .load = {.achieved_rps = 0.24},
     .tokens_per_second = 198.41,
     .mean_input = 87276.84,
     .mean_output = 825.02,
     .completed = 873},
    {.file = "genai-perf/nvidia_rag_blueprint_docs_profile_export_genai_perf.csv",
     .row = 0,
     .format = "genai-perf/csv",
     .configuration = "given on 3x given, given",
     .ttft = Latency(23.94, 23.2, 24.26, 27.51, 30.1),
     .itl = Latency(11.54, 11.53, 11.58, 11.64, 11.69),
     .tpot = Latency(11.54, 11.53, 11.58, 11.64, 11.69),
     .e2e = Latency(5919.16, 5918.56, 5923.03, 5928.74, 5933.31),
     .load = {.achieved_rps = 0.17},
     .tokens_per_second = 86.48,
     .mean_input = 127.5,
     .mean_output = 511.9},
    {.file = "genai-perf/upstream_unittest_shape_v0.0.13plus_genai_perf.json",
     .row = 0,
     .format = "genai-perf/json",
     .configuration = "small_model on 3x given, given",
     .load = {.achieved_rps = 15.0, .concurrency = 1.0},
     .tokens_per_second = 200.0,
     .mean_input = 550.0,
     .nominal_input = 550.0,
     .mean_output = 16.0},
    {.file = "inference-perf/vllm_batch_size/stage_0_lifecycle_metrics.json",
     .row = 0,
     .format = "inference-perf/lifecycle",
     .configuration = "meta-llama/Llama-3.1-8B-Instruct on 1x nvidia-h100-80gb, vllm 0.11.0",
     .ttft = Latency(33.31898592878133, 32.918093027547, 38.97771495394409, 40.10422827559523, 42.515058069257066),
     .itl = Latency(3.4775777890777704, 3.4682437246881945, 3.5060749065253685, 3.5362765571560946, 3.545912434292827),
     .tpot = Latency(3.4775777890777704, 3.4682437246881945, 3.5060749065253685, 3.5362765571560946, 3.545912434292827),
     .e2e = Latency(483.22820343310013, 482.4237964930944, 490.6289818347432, 491.58540100906976, 493.3499491901602),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.996850670841712},
     .tokens_per_second = 62.15363932698074,
     .mean_input = 200.68333333333334,
     .mean_output = 62.35,
     .completed = 60,
     .failed = 0},
    {.file = "inference-perf/vllm_batch_size/stage_3_lifecycle_metrics.json",
     .row = 0,
     .format = "inference-perf/lifecycle",
     .configuration = "meta-llama/Llama-3.1-8B-Instruct on 1x nvidia-h100-80gb, vllm 0.11.0",
     .ttft = Latency(146.23385537668855, 105.48265289980918, 300.1464606029913, 345.2395984670147, 397.46013901662076),
     .itl = Latency(12.019587185668207, 12.62659922444312, 12.909350550711848, 12.952564720717772, 13.069499491320475),
     .tpot = Latency(12.019587185668207, 12.62659922444312, 12.909350550711848, 12.952564720717772, 13.069499491320475),
     .e2e = Latency(1697.9482656459713, 1726.592505001463, 1950.741283991374, 1995.6024785991756, 2056.480849154759),
     .load = {.offered_rps = 111.92, .achieved_rps = 110.75951840525863},
     .tokens_per_second = 6955.730744537778,
     .mean_input = 200.92807148175726,
     .mean_output = 62.80029784065525,
     .completed = 6715,
     .failed = 0},
    {.file = "inference-perf/vllm_batch_size/stage_6_lifecycle_metrics.json",
     .row = 0,
     .format = "inference-perf/lifecycle",
     .configuration = "meta-llama/Llama-3.1-8B-Instruct on 1x nvidia-h100-80gb, vllm 0.11.0",
     .ttft = Latency(2200.454697106258, 2097.426358028315, 2712.1444841381162, 2734.547893214039, 2750.9668692946434),
     .itl = Latency(12.367102809974885, 12.453835775223814, 12.749668632547348, 12.779865444948276, 12.86962536585972),
     .tpot = Latency(12.367102809974885, 12.453835775223814, 12.749668632547348, 12.779865444948276, 12.86962536585972),
     .e2e = Latency(3797.03725667467, 3691.9508550781757, 4358.468436356634, 4376.573206158355, 4395.6661423482),
     .load = {.offered_rps = 222.83, .achieved_rps = 113.66007597058318},
     .tokens_per_second = 7140.792680764174,
     .mean_input = 200.92864088563093,
     .mean_output = 62.82586580896103,
     .completed = 13369,
     .failed = 0},
    {.file = "inference-perf/llmd_fixture_inference_perf_lifecycle_v0.6.yaml",
     .row = 0,
     .format = "inference-perf/lifecycle",
     .configuration = "given on 3x given, given",
     .ttft = Latency(33.33333333333336, 30.00000000000003, 38.000000000000036, 39.000000000000036, 39.80000000000004),
     .itl = Latency(9.279705855977042, 7.966101694915253, 11.650363196125907, 12.11089588377724, 12.479322033898304),
     .tpot = Latency(9.279705855977042, 7.966101694915253, 11.650363196125907, 12.11089588377724, 12.479322033898304),
     .e2e = Latency(490.0, 490.0, 498.0, 499.0, 499.8),
     .load = {.offered_rps = 1.0, .achieved_rps = 1.2096774193548387},
     .tokens_per_second = 64.51612903225806,
     .mean_input = 200.33333333333334,
     .mean_output = 53.333333333333336,
     .completed = 3,
     .failed = 0},
    {.file = "inferencemax/"
             "agg_kimik2.5_1k1k_int4_vllm_tp8-ep1-dpafalse_disagg-false_spec-mtp_conc4_MI355-gbt350-odcdh5-wbb3.json",
     .row = 0,
     .format = "inferencemax/agg",
     .configuration = "moonshotai/Kimi-K2.5 int4 on 8x MI355X, vllm 0.21.0+mtp",
     .ttft = Latency(317.0863160688896, 296.9768075272441, 353.86848766356724, kAbsent, 585.9901384473777),
     .itl = Latency(17.294128568510715, 17.393898241078155, 18.132639238317854, kAbsent, 18.459965544077445),
     .tpot = Latency(17.294128568510715, 17.393898241078155, 18.132639238317854, kAbsent, 18.459965544077445),
     .e2e = Latency(16175.88243483915, 16261.2041993998, 17897.407873393968, kAbsent, 18323.80557443248),
     .load = {.achieved_rps = 0.24728171808326913, .concurrency = 4.0},
     .tokens_per_second = 221.42409193453412,
     .nominal_input = 1024.0,
     .nominal_output = 1024.0},
    {.file = "inferencemax/COLLECTED_agg_bmk_array_of_the_3_real_agg_files.json",
     .row = 0,
     .format = "inferencemax/agg",
     .configuration = "moonshotai/Kimi-K2.5 int4 on 8x MI355X, vllm 0.21.0+mtp",
     .ttft = Latency(317.0863160688896, 296.9768075272441, 353.86848766356724, kAbsent, 585.9901384473777),
     .itl = Latency(17.294128568510715, 17.393898241078155, 18.132639238317854, kAbsent, 18.459965544077445),
     .tpot = Latency(17.294128568510715, 17.393898241078155, 18.132639238317854, kAbsent, 18.459965544077445),
     .e2e = Latency(16175.88243483915, 16261.2041993998, 17897.407873393968, kAbsent, 18323.80557443248),
     .load = {.achieved_rps = 0.24728171808326913, .concurrency = 4.0},
     .tokens_per_second = 221.42409193453412,
     .nominal_input = 1024.0,
     .nominal_output = 1024.0},
    {.file = "inferencemax/COLLECTED_agg_bmk_array_of_the_3_real_agg_files.json",
     .row = 1,
     .format = "inferencemax/agg",
     .configuration = "moonshotai/Kimi-K2.5 int4 on 8x MI355X, vllm 0.21.0+mtp",
     .ttft = Latency(2509.421745484724, 1816.827566944994, 2872.078464948573, kAbsent, 14490.030684259256),
     .itl = Latency(224.10636207854432, 230.31720386957875, 239.92848801135867, kAbsent, 248.8943170008848),
     .tpot = Latency(224.10636207854432, 230.31720386957875, 239.92848801135867, kAbsent, 248.8943170008848),
     .e2e = Latency(209495.685253392, 215192.61913583614, 234439.15712875314, kAbsent, 246095.37068210077),
     .load = {.achieved_rps = 0.1527477759806601, .concurrency = 32.0},
     .tokens_per_second = 140.56458156092216,
     .nominal_input = 8192.0,
     .nominal_output = 1024.0},
    {.file = "inferencemax/COLLECTED_agg_bmk_array_of_the_3_real_agg_files.json",
     .row = 2,
     .format = "inferencemax/agg",
     .configuration = "moonshotai/Kimi-K2.5 int4 on 8x MI355X, vllm 0.21.0+mtp",
     .ttft = Latency(3538.7877310738986, 2347.470808424987, 3658.7272920412947, kAbsent, 25793.88037742116),
     .itl = Latency(300.1355302191245, 301.6637719870209, 312.42911448863117, kAbsent, 321.77350071438354),
     .tpot = Latency(300.1355302191245, 301.6637719870209, 312.42911448863117, kAbsent, 321.77350071438354),
     .e2e = Latency(279757.44258679624, 281419.7772970656, 305244.6713494137, kAbsent, 326369.2373592384),
     .load = {.achieved_rps = 0.22876960629972753, .concurrency = 64.0},
     .tokens_per_second = 208.1033075783227,
     .nominal_input = 8192.0,
     .nominal_output = 1024.0},
    {.file = "inferencemax/infx_experimental_glm5_fp8_vllm_tp8_isl1024_osl128_conc16.json",
     .row = 0,
     .format = "vllm/bench-serve",
     .configuration = "zai-org/GLM-5-FP8 on 3x given, given",
     .ttft = Latency(kAbsent, 291.39942955225706, kAbsent, kAbsent, 2077.586937993753),
     .itl = Latency(kAbsent, 33.61491505496615, kAbsent, kAbsent, 71.7096967959967),
     .tpot = Latency(kAbsent, 33.61491505496615, kAbsent, kAbsent, 71.7096967959967),
     .e2e = Latency(kAbsent, 4573.2344426214695, kAbsent, kAbsent, 9590.554047282783),
     .load = {.achieved_rps = 3.1529760261103545, .concurrency = 16.0},
     .tokens_per_second = 403.5809313421254,
     .mean_input = 1024.0,
     .mean_output = 128.0,
     .completed = 160,
     .failed = 0},
    {.file = "vllm/"
             "inferencex_raw_kimik2.5_8k1k_int4_vllm_tp8-ep1-dpafalse_disagg-false_spec-mtp_conc64_MI355-gbt350-odcdh5-"
             "wbb3.json",
     .row = 0,
     .format = "vllm/bench-serve",
     .configuration = "moonshotai/Kimi-K2.5 on 3x given, given",
     .ttft = Latency(3538.7877310738986, 2347.470808424987, 3658.7272920412947, kAbsent, 25793.88037742116),
     .itl = Latency(300.1355302191245, 301.6637719870209, 312.42911448863117, kAbsent, 321.77350071438354),
     .tpot = Latency(300.1355302191245, 301.6637719870209, 312.42911448863117, kAbsent, 321.77350071438354),
     .e2e = Latency(279757.44258679624, 281419.7772970656, 305244.6713494137, kAbsent, 326369.2373592384),
     .load = {.achieved_rps = 0.22576711499918892, .concurrency = 64.0},
     .tokens_per_second = 208.1033075783227,
     .mean_input = 7386.7875,
     .mean_output = 921.7609375,
     .completed = 640,
     .failed = 0},
    {.file = "llmd-benchmark-report/REAL_v0.1_llm-d_precise-prefix_Qwen3-32B_stage2_rate10.yaml",
     .row = 0,
     .format = "llm-d/v0.1",
     .configuration = "Qwen/Qwen3-32B on 3x given, vllm",
     .ttft = Latency(2167.5998359240475, 1947.954576491611, 4036.028380162316, 5002.833548447234, 7078.293362634135),
     .itl = Latency(29.00245059172652, 23.767696984577924, 27.191252261400223, 27.449985832208768, 159.92223912733624),
     .tpot = Latency(29.002450591726525, 28.610963689017808, 34.5776737117616, 36.957130677910754, 38.7846155043639),
     .e2e = Latency(31201.138343144266, 30826.933004515013, 36341.113100684015, 38489.21600250468, 39510.40306784445),
     .load = {.offered_rps = 10.0, .achieved_rps = 3.798167020643812},
     .tokens_per_second = 3502.384763911175,
     .mean_input = 7583.23,
     .mean_output = 922.125,
     .completed = 200,
     .failed = 0},
    {.file = "llmd-benchmark-report/br_v0_1_example.yaml",
     .row = 0,
     .format = "llm-d/v0.1",
     .configuration = "deepseek-ai/DeepSeek-R1-0528 fp16 on 17x H100, vllm 0.9.0.1",
     .ttft = Latency(0.800974442732916, 0.203539535985328, 2.26959549135063, kAbsent, kAbsent),
     .itl = Latency(0.0836929455635872, 0.0591336835059337, 0.084046097996179, kAbsent, kAbsent),
     .tpot = Latency(0.0836929455635872, 0.0611870964678625, 0.152292036800645, kAbsent, kAbsent),
     .e2e = Latency(3.31325431142327, 2.11507539497688, 5.94717199734878, kAbsent, kAbsent),
     .load = {.achieved_rps = 1.0238155253639},
     .tokens_per_second = 32.544923821416,
     .mean_input = 628.606060606061,
     .mean_output = 31.7878787878788,
     .completed = 31,
     .failed = 0},
    {.file = "llmd-benchmark-report/br_v0_2_example.yaml",
     .row = 0,
     .format = "llm-d/v0.2",
     .configuration = "Qwen/Qwen3-0.6B on 16x NVIDIA-H100-80GB-HBM3, llm-d 0.3.1",
     .tpot = Latency(36.8578234128654, kAbsent, kAbsent, kAbsent, kAbsent),
     .e2e = Latency(36.8578234128654, kAbsent, kAbsent, kAbsent, kAbsent),
     .load = {.offered_rps = 10.0, .achieved_rps = 2262.448},
     .tokens_per_second = 2262.448,
     .mean_input = 2262.448,
     .nominal_input = 2148.0,
     .mean_output = 2262.448,
     .nominal_output = 1000.0,
     .completed = 500,
     .failed = 0},
    {.file = "llmd-benchmark-report/br_v0_2_1_example.yaml",
     .row = 0,
     .format = "llm-d/v0.2.1",
     .configuration = "Qwen/Qwen3-0.6B on 16x NVIDIA-H100-80GB-HBM3, llm-d 0.3.1",
     .tpot = Latency(36.8578234128654, kAbsent, kAbsent, kAbsent, kAbsent),
     .e2e = Latency(36.8578234128654, kAbsent, kAbsent, kAbsent, kAbsent),
     .load = {.offered_rps = 10.0, .achieved_rps = 2262.448},
     .tokens_per_second = 2262.448,
     .mean_input = 2262.448,
     .nominal_input = 2148.0,
     .mean_output = 2262.448,
     .nominal_output = 1000.0,
     .completed = 500,
     .failed = 0},
    {.file = "llmperf/leaderboard_anyscale_7b_summary.json",
     .row = 0,
     .format = "llmperf/summary",
     .configuration = "meta-llama/Llama-2-7b-chat-hf on 3x given, anyscale",
     .ttft = Latency(225.18338954666584, 203.54668099999174, 280.9995460999886, 341.00991110000643, 455.75113196000575),
     .itl = Latency(18.148052448286595, kAbsent, kAbsent, kAbsent, kAbsent),
     .e2e = Latency(2947.270269773333, 2951.0136124999917, 3181.7619459999687, 3193.026782250011, 3279.3314421800083),
     .load = {.achieved_rps = 1.3129799952434082, .concurrency = 5.0},
     .tokens_per_second = 198.25122608178637,
     .mean_input = 550.0,
     .nominal_input = 550.0,
     .mean_output = 150.99333333333334,
     .nominal_output = 150.0,
     .completed = 150,
     .failed = 0},
    {.file = "prism/llm-d-benchmarks.json",
     .row = 0,
     .format = "prism/archive",
     .configuration = "Llama-3.1-70B on 16x H100, vllm 4: 1P-TP4 3D-TP4",
     .ttft = Latency(6863.319998192674, 2648.146854015067, kAbsent, kAbsent, kAbsent),
     .itl = Latency(49.129573725568605, kAbsent, kAbsent, kAbsent, kAbsent),
     .tpot = Latency(49.12957354867252, kAbsent, kAbsent, kAbsent, kAbsent),
     .e2e = Latency(55943.76397331653, 52607.57012781687, kAbsent, kAbsent, kAbsent),
     .load = {.achieved_rps = 2.2070800541515987, .concurrency = 128.0},
     .tokens_per_second = 2207.0800541515987,
     .mean_input = 9999.0,
     .mean_output = 1000.0,
     .failed = 0},
    {.file = "prism/llm-d-benchmarks.json",
     .row = 113,
     .format = "prism/archive",
     .configuration = "Llama-3.1-70B on 16x H100, vllm 8 TP2",
     .ttft = Latency(1537.917303928407, 1343.3717919979244, kAbsent, kAbsent, kAbsent),
     .itl = Latency(29.65334072890349, kAbsent, kAbsent, kAbsent, kAbsent),
     .tpot = Latency(29.653340541715462, kAbsent, kAbsent, kAbsent, kAbsent),
     .e2e = Latency(31161.60450510215, 31287.295644870028, kAbsent, kAbsent, kAbsent),
     .load = {.achieved_rps = 0.25198922646418886, .concurrency = 8.0},
     .tokens_per_second = 251.98922646418887,
     .mean_input = 9999.0,
     .mean_output = 1000.0,
     .failed = 0},
    {.file = "exported_summaries/generated_copy_csv.csv",
     .row = 0,
     .format = "exported_summaries/csv",
     .configuration = "ibm-granite/granite-3.1-8b-instruct on 1x H100, vllm 0.8.4",
     .ttft = Latency(21.951, kAbsent, 25.583, 26.297, 27.042),
     .itl = Latency(10.764, kAbsent, 10.748, 10.748, 10.749),
     .e2e = Latency(2720.175, kAbsent, 3729.216, 3856.112, 4208.735),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.991},
     .tokens_per_second = 247.464,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_copy_csv.csv",
     .row = 59,
     .format = "exported_summaries/csv",
     .configuration = "qwen/qwen2.5-7b-instruct on 1x A100-80, vllm 0.8.4",
     .ttft = Latency(86.864, kAbsent, 99.731, 104.877, 109.946),
     .itl = Latency(30.2, kAbsent, 29.828, 29.828, 35.243),
     .e2e = Latency(7657.5, kAbsent, 10506.403, 10826.43, 11821.605),
     .load = {.offered_rps = 1.1111111111111112, .achieved_rps = 1.095},
     .tokens_per_second = 273.335,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_psql_A_pipe.psv",
     .row = 0,
     .format = "exported_summaries/psql",
     .configuration = "ibm-granite/granite-3.1-8b-instruct on 1x H100, vllm 0.8.4",
     .ttft = Latency(21.951, kAbsent, 25.583, 26.297, 27.042),
     .itl = Latency(10.764, kAbsent, 10.748, 10.748, 10.749),
     .e2e = Latency(2720.175, kAbsent, 3729.216, 3856.112, 4208.735),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.991},
     .tokens_per_second = 247.464,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_psql_A_pipe.psv",
     .row = 59,
     .format = "exported_summaries/psql",
     .configuration = "qwen/qwen2.5-7b-instruct on 1x A100-80, vllm 0.8.4",
     .ttft = Latency(86.864, kAbsent, 99.731, 104.877, 109.946),
     .itl = Latency(30.2, kAbsent, 29.828, 29.828, 35.243),
     .e2e = Latency(7657.5, kAbsent, 10506.403, 10826.43, 11821.605),
     .load = {.offered_rps = 1.1111111111111112, .achieved_rps = 1.095},
     .tokens_per_second = 273.335,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_plain_copy.sql",
     .row = 0,
     .format = "exported_summaries/copy",
     .configuration = "ibm-granite/granite-3.1-8b-instruct on 1x H100, vllm 0.8.4",
     .ttft = Latency(21.951, kAbsent, 25.583, 26.297, 27.042),
     .itl = Latency(10.764, kAbsent, 10.748, 10.748, 10.749),
     .e2e = Latency(2720.175, kAbsent, 3729.216, 3856.112, 4208.735),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.991},
     .tokens_per_second = 247.464,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_plain_copy.sql",
     .row = 59,
     .format = "exported_summaries/copy",
     .configuration = "qwen/qwen2.5-7b-instruct on 1x A100-80, vllm 0.8.4",
     .ttft = Latency(86.864, kAbsent, 99.731, 104.877, 109.946),
     .itl = Latency(30.2, kAbsent, 29.828, 29.828, 35.243),
     .e2e = Latency(7657.5, kAbsent, 10506.403, 10826.43, 11821.605),
     .load = {.offered_rps = 1.1111111111111112, .achieved_rps = 1.095},
     .tokens_per_second = 273.335,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_inserts.sql",
     .row = 0,
     .format = "exported_summaries/inserts",
     .configuration = "ibm-granite/granite-3.1-8b-instruct on 1x H100, vllm 0.8.4",
     .ttft = Latency(21.951, kAbsent, 25.583, 26.297, 27.042),
     .itl = Latency(10.764, kAbsent, 10.748, 10.748, 10.749),
     .e2e = Latency(2720.175, kAbsent, 3729.216, 3856.112, 4208.735),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.991},
     .tokens_per_second = 247.464,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_inserts.sql",
     .row = 59,
     .format = "exported_summaries/inserts",
     .configuration = "qwen/qwen2.5-7b-instruct on 1x A100-80, vllm 0.8.4",
     .ttft = Latency(86.864, kAbsent, 99.731, 104.877, 109.946),
     .itl = Latency(30.2, kAbsent, 29.828, 29.828, 35.243),
     .e2e = Latency(7657.5, kAbsent, 10506.403, 10826.43, 11821.605),
     .load = {.offered_rps = 1.1111111111111112, .achieved_rps = 1.095},
     .tokens_per_second = 273.335,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_column_inserts.sql",
     .row = 0,
     .format = "exported_summaries/inserts",
     .configuration = "ibm-granite/granite-3.1-8b-instruct on 1x H100, vllm 0.8.4",
     .ttft = Latency(21.951, kAbsent, 25.583, 26.297, 27.042),
     .itl = Latency(10.764, kAbsent, 10.748, 10.748, 10.749),
     .e2e = Latency(2720.175, kAbsent, 3729.216, 3856.112, 4208.735),
     .load = {.offered_rps = 1.0, .achieved_rps = 0.991},
     .tokens_per_second = 247.464,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0},
    {.file = "exported_summaries/generated_pg_dump_column_inserts.sql",
     .row = 59,
     .format = "exported_summaries/inserts",
     .configuration = "qwen/qwen2.5-7b-instruct on 1x A100-80, vllm 0.8.4",
     .ttft = Latency(86.864, kAbsent, 99.731, 104.877, 109.946),
     .itl = Latency(30.2, kAbsent, 29.828, 29.828, 35.243),
     .e2e = Latency(7657.5, kAbsent, 10506.403, 10826.43, 11821.605),
     .load = {.offered_rps = 1.1111111111111112, .achieved_rps = 1.095},
     .tokens_per_second = 273.335,
     .mean_input = 512.0,
     .nominal_input = 512.0,
     .mean_output = 256.0,
     .nominal_output = 256.0}};

INSTANTIATE_TEST_SUITE_P(SharedData, RealRows, ::testing::ValuesIn(kRows));

/// Files of which nothing can be imported, with the reason and a word of the
/// advice. Traces are read by another command.
struct Refused {
  std::string file;
  std::string reason;
  std::string advice;
};

const Refused kRefused[] = {
    {"exported_summaries/generated_pg_dump_custom_Fc.dump", "NOT_A_REPORT", "pg_restore -f out.sql"},
    {"inference-perf/vllm_batch_size/summary_prometheus_metrics.json", "NOT_NEEDED", "Prometheus"},
    {"inference-perf/vllm_batch_size/summary_lifecycle_metrics.json", "NOT_NEEDED", "lie beside it"},
    {"inference-perf/vllm_batch_size/manifests.yaml", "NOT_A_REPORT", "Known are"},
    {"vllm/inferencex_raw_minimaxm2.5_8k1k_conc64.json", "ALL_REQUESTS_FAILED", "no request"},
    {"llmd-benchmark-report/br_v0_1_json_schema.json", "NOT_A_REPORT", "Known are"},
    {"llmd-benchmark-report/br_v0_2_json_schema.json", "NOT_A_REPORT", "Known are"},
    {"llmd-benchmark-report/br_v0_2_1_json_schema.json", "NOT_A_REPORT", "Known are"},
    {"traces/AzureLLMInferenceTrace_code.csv", "NOT_A_REPORT", "Known are"},
    {"traces/AzureLLMInferenceTrace_conv.csv", "NOT_A_REPORT", "Known are"},
    {"traces/mooncake_conversation_trace_first3000.jsonl", "NOT_A_REPORT", "Known are"}};

TEST(RealFiles, OfNoUseAreRefusedWithTheReason) {
  if (!std::filesystem::exists(SharedData())) GTEST_SKIP() << SharedData() << " is not here";
  for (const auto& [file, reason, advice] : kRefused) {
    const auto report = ReadReport(Open(file), kGiven);
    ASSERT_THAT(report, testing::Fails(base::ErrorCode::kInvalidArgument, reason)) << file;
    EXPECT_THAT(report.error().message, ::testing::HasSubstr(advice)) << file;
  }
}

TEST(RealFiles, AreReadWholeOrRefused) {
  if (!std::filesystem::exists(SharedData())) GTEST_SKIP() << SharedData() << " is not here";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SharedData())) {
    const std::string name = entry.path().lexically_relative(SharedData());
    const bool is_refused = std::any_of(std::begin(kRefused), std::end(kRefused),
                                        [&](const Refused& refused) { return refused.file == name; });
    if (!entry.is_regular_file() || is_refused || name == "SOURCES.md" || name.starts_with("k8s-schemas")) continue;
    const auto report = ReadReport(Open(name), kGiven);
    EXPECT_THAT(report, testing::IsOk()) << name;
    const auto rows = report ? report->rows : std::vector<ImportedRow>();
    EXPECT_THAT(rows, ::testing::Each(::testing::Field(&ImportedRow::problems, ::testing::IsEmpty())));
  }
}

}  // namespace
}  // namespace loadline::cli
