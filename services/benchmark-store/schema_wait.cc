#include "services/benchmark-store/schema_wait.h"

#include <atomic>
#include <utility>

#include "libs/rpc/log.h"

namespace loadline::store {
namespace {

constexpr char kTooOld[] = "SCHEMA_TOO_OLD";
constexpr char kMessage[] =
    "The database's schema is older than this store. Once `benchmark-store migrate` has run, it serves.";
constexpr std::chrono::milliseconds kRetryAfter(5'000);

}  // namespace

class SchemaWait::Guard final : public rpc::Stage {
 public:
  std::string_view name() const override { return "schema"; }

  base::Status Handle(rpc::Call& call, const Next& next) const override {
    if (!started_) return base::Fail(base::Unavailable(kTooOld, kMessage, kRetryAfter));
    return next(call);
  }

  void Open() { started_ = true; }
  bool started() const { return started_; }

 private:
  std::atomic<bool> started_ = false;
};

SchemaWait::SchemaWait(Storage& storage, std::chrono::milliseconds interval)
    : storage_(storage), interval_(interval), guard_(std::make_shared<Guard>()) {}

std::shared_ptr<const rpc::Stage> SchemaWait::guard() const { return guard_; }

bool SchemaWait::started() const { return guard_->started(); }

base::Status SchemaWait::Begin() {
  const auto tried = Try();
  if (!tried) return base::Fail(tried.error());
  return {};
}

base::Result<bool> SchemaWait::Try() {
  const auto started = storage_.Start();
  if (!started && started.error().reason != kTooOld) return base::Fail(started.error());
  if (!started) {
    if (!std::exchange(said_, true)) {
      rpc::Log(rpc::LogLevel::kError, "schema_too_old", {{"message", started.error().message}});
    }
    return false;
  }
  guard_->Open();
  return true;
}

SchemaWait::Trying::Trying(SchemaWait& wait, std::function<void()> on_started) : wait_(wait) {
  if (wait_.started()) {
    on_started();
  } else {
    thread_ = std::thread([this, on_started = std::move(on_started)] { Run(on_started); });
  }
}

SchemaWait::Trying::~Trying() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SchemaWait::Trying::Run(const std::function<void()>& on_started) {
  while (!Stopped()) {
    const auto started = wait_.Try();
    if (started && *started) {
      rpc::Log(rpc::LogLevel::kInfo, "schema_ready");
      return on_started();
    }
    // The database may be away for a while, too.
    if (!started) rpc::Log(rpc::LogLevel::kWarning, "storage_not_started", {{"message", started.error().message}});
  }
}

bool SchemaWait::Trying::Stopped() {
  std::unique_lock lock(mutex_);
  return stop_.wait_for(lock, wait_.interval_, [this] { return stopping_; });
}

}  // namespace loadline::store
