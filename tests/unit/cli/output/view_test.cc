#include <gmock/gmock.h>

#include <sstream>

#include "cli/output/benchmark_view.h"
#include "cli/output/catalog_view.h"
#include "cli/output/import_view.h"
#include "cli/output/label.h"
#include "tests/unit/cli/golden.h"
#include "tests/unit/cli/messages.h"

namespace loadline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename View>
std::string Viewed(const View& view) {
  std::ostringstream out;
  view(out);
  return out.str();
}

benchmark_api::ListBenchmarksResponse ExampleListing() {
  benchmark_api::ListBenchmarksResponse listing;
  *listing.add_benchmarks() = ExampleBenchmark();
  auto* saturated = listing.add_benchmarks();
  *saturated = ExampleBenchmark();
  saturated->mutable_load()->set_saturated(true);
  saturated->mutable_load()->clear_requests_per_second();
  saturated->mutable_ttft()->clear_p95_ms();
  saturated->clear_itl();
  auto* other = listing.add_benchmarks();
  *other = ExampleBenchmark();
  other->mutable_configuration()->set_hardware("L40S");
  other->mutable_provenance()->set_origin(benchmark_api::ORIGIN_SYNTHETIC);
  return listing;
}

TEST(View, Benchmarks) {
  ExpectGolden("benchmarks", Viewed([](auto& out) { PrintBenchmarks(ExampleListing(), out); }));
}

TEST(View, Benchmark) {
  ExpectGolden("benchmark", Viewed([](auto& out) { PrintBenchmark(ExampleBenchmark(), out); }));
}

TEST(View, ABenchmarkThatWasNotMeasuredSaysSo) {
  auto benchmark = ExampleBenchmark();
  benchmark.mutable_provenance()->set_origin(benchmark_api::ORIGIN_SIMULATED);
  EXPECT_THAT(Viewed([&](auto& out) { PrintBenchmark(benchmark, out); }), HasSubstr("not measured"));
}

TEST(View, Match) {
  planner_api::MatchBenchmarkResponse match;
  *match.mutable_benchmark() = ExampleBenchmark();
  match.set_distance(0.1875);
  match.mutable_freshness()->set_revision(1'234);
  match.mutable_freshness()->set_stale(true);
  match.mutable_freshness()->set_evidence_age_ms(12'400);
  const auto asked = FromText<benchmark_api::TrafficShape>("input_tokens: 600 output_tokens: 240");
  ExpectGolden("match", Viewed([&](auto& out) { PrintMatch(asked, match, out); }));
}

TEST(View, Configurations) {
  benchmark_api::ListConfigurationsResponse listing;
  auto* summary = listing.add_configurations();
  *summary->mutable_configuration() = ExampleBenchmark().configuration();
  summary->set_benchmark_count(1'200);
  for (int i = 1; i <= 12; ++i) {
    auto* shape = summary->add_shapes();
    shape->set_input_tokens(128 * i);
    shape->set_output_tokens(64 * i);
  }
  summary->add_origins(benchmark_api::ORIGIN_MEASURED);
  summary->add_origins(benchmark_api::ORIGIN_ESTIMATED);
  ExpectGolden("configurations", Viewed([&](auto& out) { PrintConfigurations(listing, out); }));
}

TEST(View, Quarantined) {
  const auto listing = FromText<benchmark_api::ListQuarantinedResponse>(R"(
    rows { id: "b-0123456789abcdef01234567" location: "benchmarks[3]"
           benchmark { provenance { path: "reports/sail.json" } }
           reasons { reason: "PERCENTILES_NOT_MONOTONE" field: "ttft_p90" message: "p90 42 ms is below p50 55 ms" }
           reasons { reason: "NEGATIVE_VALUE" field: "itl_mean" message: "-1 ms" } revision: 4 })");
  ExpectGolden("quarantined", Viewed([&](auto& out) { PrintQuarantined(listing, out); }));
}

TEST(View, Models) {
  const auto listing = FromText<catalog_api::ListModelsResponse>(R"(
    models { model_hf_repo: "acme/sail-7b-instruct" parameters_billion: 7.24 kv_bytes_per_token: 131072
             configuration_count: 4 benchmark_count: 1200 }
    models { model_hf_repo: "acme/oar-13b" parameters_billion: 13 parameters_from_name: true }
    models { model_hf_repo: "acme/buoy" })");
  ExpectGolden("models", Viewed([&](auto& out) { PrintModels(listing, out); }));
}

TEST(View, FoundModels) {
  const auto found = FromText<benchmark_api::SearchModelsResponse>(R"(
    models { model_hf_repo: "acme/sail-70b-instruct" score: 0.8712 parameters_billion: 70.5 architecture: "llama"
             tags: "dense" tags: "instruct" benchmark_count: 1200 }
    models { model_hf_repo: "acme/sail-tuned" score: 0.4 base_model: "acme/sail-70b-instruct" })");
  ExpectGolden("found_models", Viewed([&](auto& out) { PrintFoundModels(found, out); }));
}

TEST(View, Hardware) {
  const auto listing = FromText<catalog_api::ListHardwareResponse>(R"(
    hardware { name: "H100" memory_gib: 80
               prices { provider: "aws" purchase_option: "on_demand" usd_per_gpu_hour: 4.1 }
               prices { provider: "aws" purchase_option: "spot" usd_per_gpu_hour: 0.995 }
               aliases: "NVIDIA-H100-80GB-HBM3" aliases: "h100-sxm" }
    hardware { name: "X1" })");
  ExpectGolden("hardware", Viewed([&](auto& out) { PrintHardware(listing, out); }));
}

TEST(View, UseCases) {
  const auto listing = FromText<catalog_api::ListUseCasesResponse>(R"(
    use_cases { id: "chatbot" display_name: "Chatbot" description: "Answers in a conversation that a person reads along."
                shape { input_tokens: 512 output_tokens: 256 } slo: "ttft:p95<500ms;itl:p95<40ms"
                weights { cost: 0.4 latency: 0.4 quality: 0.2 } })");
  ExpectGolden("use_cases", Viewed([&](auto& out) { PrintUseCases(listing, out); }));
}

benchmark_api::ImportBenchmarksResponse ExampleSummary() {
  return FromText<benchmark_api::ImportBenchmarksResponse>(R"(
    accepted_count: 8 already_present_count: 1 quarantined_count: 3 saturated_count: 2 revision: 5
    quarantine_counts { reason: "NEGATIVE_VALUE" row_count: 2 }
    quarantine_counts { reason: "MISSING_FIELD" row_count: 1 }
    quarantined { location: "benchmarks[3]"
                  reasons { reason: "NEGATIVE_VALUE" field: "itl_mean" message: "-1 ms is below 0" }
                  reasons { reason: "MISSING_FIELD" field: "" message: "no latency at all" } }
    quarantined { location: "line 12" reasons { reason: "NEGATIVE_VALUE" field: "e2e_p95" message: "-7 ms is below 0" } })");
}

TEST(View, Import) {
  const ImportedFile file = {.path = "reports/sail.json",
                             .format = "guidellm/v2",
                             .row_count = 12,
                             .origins = {{benchmark_api::ORIGIN_MEASURED, 11}, {benchmark_api::ORIGIN_ESTIMATED, 1}}};
  ExpectGolden("import", Viewed([&](auto& out) { PrintImport(file, ExampleSummary(), out); }));
}

TEST(View, ADryRunSaysThatNothingWasStored) {
  const ImportedFile file = {.path = "sail.json", .format = "vllm", .row_count = 12, .dry_run = true};
  const auto text = Viewed([&](auto& out) { PrintImport(file, ExampleSummary(), out); });
  EXPECT_THAT(text, HasSubstr("Dry run: nothing was stored."));
  EXPECT_THAT(text, Not(HasSubstr("list quarantined"))) << "they cannot be listed";
}

TEST(View, OriginNoteIsSilentWhereAllWasMeasured) {
  EXPECT_EQ(OriginNote({{benchmark_api::ORIGIN_MEASURED, 3}, {benchmark_api::ORIGIN_UNSPECIFIED, 1}}, "evidence"), "");
  EXPECT_EQ(OriginNote({}, "evidence"), "");
}

TEST(View, OriginNoteTellsAllFromSome) {
  EXPECT_EQ(OriginNote({{benchmark_api::ORIGIN_SYNTHETIC, 3}}, "evidence"),
            "All evidence is synthetic (generated from a performance model, not measured).");
  EXPECT_EQ(OriginNote({{benchmark_api::ORIGIN_MEASURED, 1}, {benchmark_api::ORIGIN_SIMULATED, 3}}, "evidence"),
            "The evidence is mixed: measured, simulated (a simulator produced it, not measured).");
}

}  // namespace
}  // namespace loadline::cli
