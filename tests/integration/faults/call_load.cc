#include "tests/integration/faults/call_load.h"

#include <algorithm>

#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/wait.h"

namespace loadline::testing {

using std::chrono::milliseconds;

CallLoad::CallLoad(int threads, milliseconds deadline, Call call)
    : deadline_(deadline), call_(std::move(call)), last_(static_cast<std::size_t>(threads)) {
  for (std::size_t i = 0; i < last_.size(); ++i) threads_.emplace_back([this, i] { Run(i); });
}

CallLoad::~CallLoad() {
  done_ = true;
  for (auto& thread : threads_) thread.join();
}

void CallLoad::Run(std::size_t thread) {
  while (!done_) {
    grpc::ClientContext context;
    const auto asked = Clock::now();
    rpc::SetDeadline(context, deadline_);
    auto outcome = call_(thread, context);
    Note(thread, {.asked = asked, .outcome = std::move(outcome)}, Clock::now() - asked);
  }
}

void CallLoad::Note(std::size_t thread, Last last, Clock::duration took) {
  const std::lock_guard lock(mutex_);
  ++calls_;
  longest_ = std::max(longest_, took);
  if (const auto& status = last.outcome.status; !status.ok()) {
    const auto error = rpc::FromGrpcStatus(status);
    failures_.emplace(std::string(base::Name(error.code)) + " " + error.message, error);
  }
  last_[thread] = std::move(last);
}

bool CallLoad::AwaitAll(const Wanted& wanted, milliseconds patience) const {
  const auto from = Clock::now();
  std::vector<bool> seen(last_.size());
  return WaitFor(
      [&] {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < last_.size(); ++i) {
          seen[i] = seen[i] || (last_[i].asked >= from && wanted(last_[i].outcome));
        }
        return std::all_of(seen.begin(), seen.end(), [](bool each) { return each; });
      },
      patience);
}

bool CallLoad::AwaitAllGood(milliseconds patience) const {
  return AwaitAll([](const Outcome& outcome) { return outcome.status.ok(); }, patience);
}

bool CallLoad::AwaitCalls(std::int64_t count) const {
  const auto before = calls();
  return WaitFor([&] { return calls() >= before + count; }, std::chrono::seconds(20));
}

milliseconds CallLoad::WorstOverrun() const {
  const std::lock_guard lock(mutex_);
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(longest_) - deadline_);
}

std::map<std::string, base::Error> CallLoad::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

}  // namespace loadline::testing
