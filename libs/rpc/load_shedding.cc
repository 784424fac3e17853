#include "libs/rpc/load_shedding.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace loadline::rpc {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry(500);
constexpr double kRetrySpread = 1000;
// Multiples of the golden ratio, modulo 1, are as far from one another as can be.
constexpr double kGolden = 0.6180339887498949;

class Places {
 public:
  explicit Places(int count) : count_(count) {}

  bool Take() {
    if (++taken_ <= count_) return true;
    --taken_;
    return false;
  }
  void GiveBack() { --taken_; }

 private:
  const int count_;
  std::atomic<int> taken_ = 0;
};

// Given back also when a handler throws.
class Place {
 public:
  explicit Place(Places& places) : places_(places), taken_(places.Take()) {}
  ~Place() {
    if (taken_) places_.GiveBack();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  explicit operator bool() const { return taken_; }

 private:
  Places& places_;
  const bool taken_;
};

class LoadSheddingStage final : public Stage {
 public:
  explicit LoadSheddingStage(int places) : count_(places), places_(places) {}

  std::string_view name() const override { return "load_shedding"; }

  base::Status Handle(Call& call, const Next& next) const override {
    const Place place(places_);
    if (!place) return base::Fail(Overloaded());
    return next(call);
  }

 private:
  base::Error Overloaded() const {
    const double turn = std::fmod(static_cast<double>(refused_++) * kGolden, 1.0);
    return {.code = base::ErrorCode::kResourceExhausted,
            .reason = "OVERLOADED",
            .message = fmt::format("All {} places for calls are taken. Retry later, or ask another replica.", count_),
            .metadata = {{"places", std::to_string(count_)}},
            .retry_after = kFirstRetry + milliseconds(static_cast<std::int64_t>(turn * kRetrySpread))};
  }

  const int count_;
  mutable Places places_;
  // Replicas that start together differ by what they were asked.
  mutable std::atomic<std::uint32_t> refused_ = 0;
};

}  // namespace

std::shared_ptr<const Stage> LoadShedding(int places) { return std::make_shared<LoadSheddingStage>(places); }

}  // namespace loadline::rpc
