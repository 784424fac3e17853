#include "tests/integration/faults/compared_plans.h"

#include <stdexcept>

namespace loadline::testing {
namespace {

// Without what depends on the moment.
std::string ContentOf(planner::v1::PlanCapacityResponse answer) {
  answer.mutable_freshness()->clear_stale();
  answer.mutable_freshness()->clear_evidence_age_ms();
  return answer.SerializeAsString();
}

}  // namespace

CallLoad::Outcome ComparedPlans::Ask(planner::v1::PlannerService::Stub& stub, grpc::ClientContext& context) {
  std::size_t request = 0;
  {
    const std::lock_guard lock(mutex_);
    request = next_++ % requests_.size();
  }
  planner::v1::PlanCapacityResponse answer;
  const auto status = stub.PlanCapacity(&context, requests_[request], &answer);
  const auto& freshness = answer.freshness();
  CallLoad::Outcome outcome = {.status = status, .stale = freshness.stale(), .revision = freshness.revision()};
  if (!status.ok()) return outcome;
  const std::lock_guard lock(mutex_);
  ++count_;
  given_[{outcome.revision, request}].insert(ContentOf(std::move(answer)));
  return outcome;
}

void ComparedPlans::Learn(PlannerProcess& reference) {
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const auto answer = reference.Plan(requests_[i]);
    if (!answer.status.ok()) throw std::runtime_error("the reference failed: " + answer.status.error_message());
    const std::lock_guard lock(mutex_);
    right_[{answer.response.freshness().revision(), i}] = ContentOf(answer.response);
  }
}

std::string ComparedPlans::Differences() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [key, answers] : given_) {
    const auto right = right_.find(key);
    const auto where = "request " + std::to_string(key.second) + " at revision " + std::to_string(key.first);
    if (right == right_.end()) {
      text += where + ": no such revision\n";
    } else if (answers != std::set{right->second}) {
      text += where + ": " + std::to_string(answers.size()) + " answers, not all of them right\n";
    }
  }
  return text;
}

std::int64_t ComparedPlans::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace loadline::testing
