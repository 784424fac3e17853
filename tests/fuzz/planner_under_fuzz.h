#pragma once

#include <vector>

#include "libs/rpc/log.h"
#include "libs/rpc/pipeline.h"
#include "libs/testing/fake_clock.h"
#include "libs/testing/wait.h"
#include "services/planner/api/planner_handler.h"
#include "tests/fuzz/answer.h"
#include "tests/unit/services/planner/fake_evidence_store.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner {

namespace curves = planning::testing;

/// The planner's service on evidence of three load curves of one model, and the
/// use case `chatbot`.
class PlannerUnderFuzz {
 public:
  PlannerUnderFuzz() {
    rpc::ConfigureLog("planner", "text", "error");
    const std::vector<curves::Row> rows = {
        {.rps = 1, .ttft_p95 = 100}, {.rps = 2, .ttft_p95 = 200}, {.rps = 4, .ttft_p95 = 600, .itl_p95 = 30}};
    store_.ChangeCatalog(Fill);
    store_.Import(curves::Benchmarks(curves::On("H100"), curves::kShape, rows));
    store_.Import(curves::Benchmarks(curves::On("H100"), {.input_tokens = 2048, .output_tokens = 128}, rows));
    store_.Import(curves::Benchmarks(curves::On("L4"), curves::kShape, rows));
    evidence_.Start([](bool) {});
    fuzz::Expect(loadline::testing::WaitFor([this] { return IsUpToDate(); }), "the store is read");
  }
  ~PlannerUnderFuzz() { evidence_.Stop(); }

  PlannerHandler& handler() { return handler_; }

 private:
  static void Fill(StoreCatalog& catalog) {
    for (const auto& [name, model] : curves::Catalog().models) catalog.models.push_back(model);
    for (const auto& [name, hardware] : curves::Catalog().hardware) catalog.hardware.push_back(hardware);
    catalog.use_cases.push_back({.id = "chatbot",
                                 .display_name = "Chatbot",
                                 .description = "Talks.",
                                 .shape = curves::kShape,
                                 .slo = curves::SloOf("ttft:p95<500ms"),
                                 .weights = {.cost = 0.3, .latency = 0.5, .quality = 0.2}});
  }

  bool IsUpToDate() {
    const auto now = evidence_.Current();
    return now && now->view->revision == store_.revision();
  }

  loadline::testing::FakeClock clock_;
  testing::FakeEvidenceStore store_;
  EvidenceCache evidence_{store_, clock_, {}};
  // No stages: an exception ends the process.
  rpc::Pipeline pipeline_{{}};
  PlannerHandler handler_{evidence_, pipeline_};
};

}  // namespace loadline::planner
