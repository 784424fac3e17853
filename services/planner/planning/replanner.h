#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// True once planning should stop, for its caller has no time left or is gone.
/// It is asked before each plan, so an answer may be a few plans late.
using Stop = std::function<bool()>;

/// Plans the same question again and again. Points at its evidence and
/// catalogue. Once it is to stop it plans nothing any more and finds nothing
/// feasible, so that whatever asks it soon ends.
class Replanner {
 public:
  using EvidenceList = std::vector<std::shared_ptr<const ModelEvidence>>;

  Replanner(const EvidenceList& evidence, const PlanningCatalog& catalog, Stop stop)
      : evidence_(evidence), catalog_(catalog), stop_(std::move(stop)) {}

  /// The cheapest option, whatever else the request prefers.
  std::optional<PlanOption> Cheapest(PlanRequest request) const;
  bool Feasible(const PlanRequest& request) const;
  /// The best `count` options.
  std::vector<PlanOption> Best(PlanRequest request, int count) const;

  /// True if something may be missing from what it said.
  bool stopped() const { return stopped_; }

 private:
  bool Goes() const;

  const EvidenceList& evidence_;
  const PlanningCatalog& catalog_;
  Stop stop_;
  mutable bool stopped_ = false;
};

}  // namespace loadline::planning
