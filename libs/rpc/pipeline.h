#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/result.h"

namespace loadline::rpc {

/// One call on its way through the pipeline.
struct Call {
  /// "PlanCapacity".
  std::string_view method;
  grpc::ServerContext& context;
  /// When the answer is due: the client's deadline, or ours if that is sooner.
  base::Instant deadline;

  /// True when the caller is gone. Asking gRPC costs as much as a small call, so
  /// it is asked at most every 10 ms, and not before the call is as old. Use
  /// from one thread at a time.
  bool Cancelled() const;

  mutable std::chrono::steady_clock::time_point ask_at = std::chrono::steady_clock::now() + kAskEvery;
  mutable bool caller_gone = false;
  static constexpr std::chrono::milliseconds kAskEvery{10};
};

/// One concern that applies to every call. Unlike a gRPC server interceptor,
/// which only watches, a stage can refuse: it returns an error without calling
/// `next`, and the handler never runs. Thread-safe.
class Stage {
 public:
  using Next = std::function<base::Status(Call&)>;
  virtual ~Stage() = default;
  virtual std::string_view name() const = 0;
  virtual base::Status Handle(Call& call, const Next& next) const = 0;
};

/// Logs one structured line a call, at the end: method, code, reason,
/// milliseconds, peer, caller (see CallerOf); errors with their detail. At info level
/// where it went well, or the caller was wrong.
std::unique_ptr<const Stage> AccessLog(const base::Clock& clock);

/// Turns an exception that escapes a handler into `kInternal`.
std::unique_ptr<const Stage> CatchExceptions();

/// Gives every call a deadline of at most `longest` from now (0: no limit, for
/// watches), and refuses a call that has no time left.
std::unique_ptr<const Stage> TimeLimit(std::chrono::milliseconds longest);

/// Runs stages, then the handler's body. Immutable and thread-safe.
class Pipeline {
 public:
  /// The first stage is the outermost.
  explicit Pipeline(std::vector<std::shared_ptr<const Stage>> stages) : stages_(std::move(stages)) {}

  /// An error that says when to come back (`retry_after`) keeps gRPC from trying
  /// again by itself: the caller waits.
  grpc::Status Run(std::string_view method, grpc::ServerContext& context, const Stage::Next& body) const;
  /// The stages' names in order, for tests.
  std::vector<std::string_view> StageNames() const;

 private:
  base::Status RunFrom(std::size_t stage, Call& call, const Stage::Next& body) const;
  std::vector<std::shared_ptr<const Stage>> stages_;
};

/// Stages that all pipelines of a program have, in order.
struct CommonStages {
  /// Around the access log: they see each call and how it ended.
  std::vector<std::shared_ptr<const Stage>> observers = {};
  /// Within it, before the time limit: they may refuse, and that is logged.
  std::vector<std::shared_ptr<const Stage>> guards = {};
};

/// The pipeline of unary calls and of streams that end: observers, access log,
/// exceptions, guards, time limit.
Pipeline MakePipeline(const base::Clock& clock, std::chrono::milliseconds longest, const CommonStages& common = {});

}  // namespace loadline::rpc
