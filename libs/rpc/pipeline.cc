#include "libs/rpc/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "libs/rpc/callers.h"
#include "libs/rpc/deadline.h"
#include "libs/rpc/log.h"
#include "libs/rpc/status.h"

namespace loadline::rpc {
namespace {

// Clients of gRPC try again by their own clock, and do not read RetryInfo: where an
// error says when to come back, this leaves it to the caller, who does.
constexpr char kRetryPushback[] = "grpc-retry-pushback-ms";
constexpr char kNoRetry[] = "-1";

// Whose fault it is decides: what callers do wrong is no reason to wake us.
LogLevel LevelOf(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kAborted:
    case base::ErrorCode::kCancelled: return LogLevel::kInfo;
    case base::ErrorCode::kDeadlineExceeded:
    case base::ErrorCode::kFailedPrecondition:
    case base::ErrorCode::kPermissionDenied:
    case base::ErrorCode::kResourceExhausted: return LogLevel::kWarning;
    default: return LogLevel::kError;
  }
}

class AccessLogStage final : public Stage {
 public:
  explicit AccessLogStage(const base::Clock& clock) : clock_(clock) {}

  std::string_view name() const override { return "access_log"; }

  base::Status Handle(Call& call, const Next& next) const override {
    const auto start = clock_.Now();
    auto outcome = next(call);
    const auto level = outcome ? LogLevel::kInfo : LevelOf(outcome.error().code);
    if (LogEnabled(level)) LogEach(level, "call", FieldsOf(call, outcome, clock_.Now() - start));
    return outcome;
  }

 private:
  static LogFields FieldsOf(const Call& call, const base::Status& outcome, base::Instant::duration elapsed) {
    const auto ms = std::chrono::duration<double, std::milli>(elapsed).count();
    LogFields fields = {{"method", std::string(call.method)},
                        {"code", outcome ? "OK" : std::string(Name(outcome.error().code))},
                        {"ms", fmt::format("{:.3f}", ms)},
                        {"peer", call.context.peer()}};
    if (auto caller = CallerOf(call.context); !caller.empty()) fields.emplace_back("caller", std::move(caller));
    if (outcome) return fields;
    fields.emplace_back("reason", outcome.error().reason);
    fields.emplace_back("message", outcome.error().message);
    if (!outcome.error().detail.empty()) fields.emplace_back("detail", outcome.error().detail);
    return fields;
  }

  const base::Clock& clock_;
};

class CatchExceptionsStage final : public Stage {
 public:
  std::string_view name() const override { return "catch_exceptions"; }

  base::Status Handle(Call& call, const Next& next) const override {
    try {
      return next(call);
    } catch (const std::exception& exception) {
      return base::Fail(base::Internal(exception.what()));
    } catch (...) {
      return base::Fail(base::Internal("An exception that is no std::exception escaped the handler."));
    }
  }
};

class TimeLimitStage final : public Stage {
 public:
  explicit TimeLimitStage(std::chrono::milliseconds longest) : longest_(longest) {}

  std::string_view name() const override { return "time_limit"; }

  base::Status Handle(Call& call, const Next& next) const override {
    const auto now = std::chrono::steady_clock::now();
    if (longest_.count() > 0) call.deadline = std::min(call.deadline, now + longest_);
    if (call.deadline <= now) return base::Fail(NoTimeLeft());
    return next(call);
  }

 private:
  static base::Error NoTimeLeft() {
    return {.code = base::ErrorCode::kDeadlineExceeded,
            .reason = "NO_TIME_LEFT",
            .message = "The call's deadline left no time to answer. Retry with more."};
  }

  const std::chrono::milliseconds longest_;
};

}  // namespace

std::unique_ptr<const Stage> AccessLog(const base::Clock& clock) { return std::make_unique<AccessLogStage>(clock); }

std::unique_ptr<const Stage> CatchExceptions() { return std::make_unique<CatchExceptionsStage>(); }

std::unique_ptr<const Stage> TimeLimit(std::chrono::milliseconds longest) {
  return std::make_unique<TimeLimitStage>(longest);
}

bool Call::Cancelled() const {
  if (const auto now = std::chrono::steady_clock::now(); !caller_gone && now >= ask_at) {
    ask_at = now + kAskEvery;
    caller_gone = context.IsCancelled();
  }
  return caller_gone;
}

grpc::Status Pipeline::Run(std::string_view method, grpc::ServerContext& context, const Stage::Next& body) const {
  Call call{.method = method, .context = context, .deadline = DeadlineOf(context)};
  const auto outcome = RunFrom(0, call, body);
  if (outcome) return grpc::Status::OK;
  if (outcome.error().retry_after) context.AddTrailingMetadata(kRetryPushback, kNoRetry);
  return ToGrpcStatus(outcome.error());
}

std::vector<std::string_view> Pipeline::StageNames() const {
  std::vector<std::string_view> names;
  for (const auto& stage : stages_) names.push_back(stage->name());
  return names;
}

base::Status Pipeline::RunFrom(std::size_t stage, Call& call, const Stage::Next& body) const {
  if (stage == stages_.size()) return body(call);
  return stages_[stage]->Handle(call, [this, stage, &body](Call& inner) { return RunFrom(stage + 1, inner, body); });
}

Pipeline MakePipeline(const base::Clock& clock, std::chrono::milliseconds longest, const CommonStages& common) {
  std::vector<std::shared_ptr<const Stage>> stages = common.observers;
  stages.push_back(AccessLog(clock));
  stages.push_back(CatchExceptions());
  stages.insert(stages.end(), common.guards.begin(), common.guards.end());
  stages.push_back(TimeLimit(longest));
  return Pipeline(std::move(stages));
}

}  // namespace loadline::rpc
