#include "tests/integration/load_on_store.h"

#include <algorithm>

#include "libs/testing/wait.h"

namespace loadline::testing {

LoadOnStore::LoadOnStore(const std::string& address, const std::string& model, int threads)
    : good_(static_cast<std::size_t>(threads)) {
  for (std::size_t i = 0; i < good_.size(); ++i) {
    threads_.emplace_back([this, i, address, model] { Run(i, address, model); });
  }
}

LoadOnStore::~LoadOnStore() {
  done_ = true;
  for (auto& thread : threads_) thread.join();
}

void LoadOnStore::Run(std::size_t thread, const std::string& address, const std::string& model) {
  const StoreClient client(address);
  while (!done_) {
    const auto asked = Clock::now();
    const auto answer = client.FindClosest(model);
    const std::lock_guard lock(mutex_);
    if (answer) {
      good_[thread] = asked;
    } else {
      ++failure_count_;
      failures_.emplace(std::string(base::Name(answer.error().code)) + " " + answer.error().message, answer.error());
    }
  }
}

bool LoadOnStore::AwaitAllGood(std::chrono::milliseconds patience) const {
  const auto from = Clock::now();
  return WaitFor(
      [&] {
        const std::lock_guard lock(mutex_);
        return std::all_of(good_.begin(), good_.end(), [&](auto asked) { return asked >= from; });
      },
      patience);
}

bool LoadOnStore::AwaitFailures(int count) const {
  const auto before = failure_count_.load();
  return WaitFor([&] { return failure_count_ >= before + count; }, std::chrono::seconds(20));
}

std::map<std::string, base::Error> LoadOnStore::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

}  // namespace loadline::testing
