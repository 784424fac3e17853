#pragma once

#include <functional>

#include "tests/integration/faults/call_load.h"
#include "tests/integration/services.h"

namespace loadline::testing {

/// What happens to a network.
struct NetworkFault {
  std::function<void()> begin;
  std::function<void()> end;
  /// Nothing crosses, or so slowly that the planner must take it for that.
  bool total = true;
  /// How long it lasts at least.
  std::chrono::milliseconds lasts{0};
};

/// Breaks the network between `planner` and `store`, and expects that no call
/// outlives its deadline by more than 100 ms, that what was loaded goes on being
/// planned with, and that two seconds after the end of the fault all is as if it
/// had never been. `store` holds "acme/a" and "acme/cold".
void ExpectPlannerToLiveWith(const NetworkFault& fault, StoreProcess& store, PlannerProcess& planner);

}  // namespace loadline::testing
