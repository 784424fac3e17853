#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/faults/call_load.h"
#include "tests/integration/services.h"

namespace loadline::testing {

/// Plans of one planner, to be compared with those of another that nothing
/// happens to: the same request at the same revision has the same answer.
/// Thread-safe.
class ComparedPlans {
 public:
  explicit ComparedPlans(std::vector<planner::v1::PlanCapacityRequest> requests) : requests_(std::move(requests)) {}

  /// Makes one of the requests, in turn, and remembers the answer.
  CallLoad::Outcome Ask(planner::v1::PlannerService::Stub& stub, grpc::ClientContext& context);

  /// The right answers at the revision that `reference` has.
  void Learn(PlannerProcess& reference);

  /// What was answered otherwise, or at a revision that was never learnt; one
  /// line each. Empty if all is right.
  std::string Differences() const;
  /// Answers that were compared.
  std::int64_t count() const;

 private:
  /// Of a request at a revision.
  using Key = std::pair<std::int64_t, std::size_t>;

  const std::vector<planner::v1::PlanCapacityRequest> requests_;
  mutable std::mutex mutex_;
  // All guarded by mutex_.
  std::size_t next_ = 0;
  std::int64_t count_ = 0;
  std::map<Key, std::set<std::string>> given_;
  std::map<Key, std::string> right_;
};

}  // namespace loadline::testing
