#include <cstdint>
#include <string_view>

#include "libs/testing/fake_clock.h"
#include "libs/testing/wait.h"
#include "services/planner/api/plan_messages.h"
#include "services/planner/app/match_benchmark.h"
#include "tests/fuzz/answer.h"
#include "tests/unit/services/planner/fake_evidence_store.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner {
namespace {

namespace curves = planning::testing;

/// Evidence of one load curve, as a planner has it.
class Planner {
 public:
  Planner() {
    store_.ChangeCatalog([](StoreCatalog& catalog) {
      for (const auto& [name, model] : curves::Catalog().models) catalog.models.push_back(model);
      for (const auto& [name, hardware] : curves::Catalog().hardware) catalog.hardware.push_back(hardware);
    });
    store_.Import(curves::Benchmarks(curves::On("H100"), curves::kShape,
                                     {{.rps = 1, .ttft_p95 = 100}, {.rps = 2, .ttft_p95 = 200}}));
    evidence_.Start([](bool) {});
    fuzz::Expect(loadline::testing::WaitFor([this] {
                   return evidence_.Current().has_value() && evidence_.Current()->view->revision == store_.revision();
                 }),
                 "the store is read");
  }
  ~Planner() { evidence_.Stop(); }

  EvidenceCache& evidence() { return evidence_; }

 private:
  loadline::testing::FakeClock clock_;
  testing::FakeEvidenceStore store_;
  EvidenceCache evidence_{store_, clock_, {}};
};

// What a plan of these bytes is, and its explanation where it is cheap.
void TryPlan(EvidenceCache& evidence, std::string_view bytes) {
  pb::PlanCapacityRequest request;
  if (!fuzz::Read(bytes, &request)) return;
  const auto answer = PlanCapacity(evidence, FromProto(request), {});
  if (!answer) return fuzz::ExpectUseful(answer.error());
  pb::PlanCapacityResponse response;
  ToProto(*answer, request, &response);
  fuzz::Expect(response.options_size() <= 100, "no more options than may be asked for");
}

template <typename Request, typename Response, typename Answer, typename Query>
void Try(EvidenceCache& evidence, std::string_view bytes,
         base::Result<Answer> (*call)(EvidenceCache&, const Query&, const CallScope&)) {
  Request request;
  if (!fuzz::Read(bytes, &request)) return;
  const auto answer = call(evidence, FromProto(request), {});
  if (!answer) return fuzz::ExpectUseful(answer.error());
  Response response;
  ToProto(*answer, &response);
}

}  // namespace
}  // namespace loadline::planner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline::planner;  // NOLINT
  static Planner planner;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryPlan(planner.evidence(), bytes);
  Try<pb::MatchBenchmarkRequest, pb::MatchBenchmarkResponse>(planner.evidence(), bytes, &MatchBenchmark);
  Try<pb::PredictPerformanceRequest, pb::PredictPerformanceResponse>(planner.evidence(), bytes, &PredictPerformance);
  return 0;
}
