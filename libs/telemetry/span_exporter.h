#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/base/result.h"
#include "libs/rpc/span.h"

namespace loadline::telemetry {

struct SpanExporterOptions {
  /// Spans that may wait; more are dropped.
  std::size_t max_waiting = 4096;
  /// Spans of one request.
  std::size_t batch = 512;
  /// How long a span waits for others.
  std::chrono::milliseconds interval = std::chrono::seconds(1);
  /// How long the end of the program may wait for the last ones.
  std::chrono::milliseconds flush = std::chrono::seconds(2);
};

struct SpanCounts {
  std::int64_t exported = 0;
  /// No room, or the receiver did not take them.
  std::int64_t dropped = 0;
};

/// Sends spans on in batches, by a thread of its own: who records one neither
/// waits nor fails, whatever becomes of the receiver. Thread-safe.
class SpanExporter final : public rpc::SpanSink {
 public:
  /// Called by the thread.
  struct Receiver {
    std::function<base::Status(const std::vector<rpc::Span>&)> send;
    /// Ends what `send` is at, soon; called by another thread.
    std::function<void()> abort = [] {};
  };

  SpanExporter(Receiver receiver, SpanExporterOptions options);
  /// Sends what waits, for as long as `flush`, and drops the rest.
  ~SpanExporter() override;

  void Record(rpc::Span span) override;
  SpanCounts counts() const { return {.exported = exported_, .dropped = dropped_}; }

 private:
  void Run();
  std::vector<rpc::Span> Take();
  void Send(const std::vector<rpc::Span>& batch);

  const Receiver receiver_;
  const SpanExporterOptions options_;
  std::atomic<std::int64_t> exported_ = 0;
  std::atomic<std::int64_t> dropped_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  // All guarded by mutex_.
  std::vector<rpc::Span> waiting_;
  bool stopping_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace loadline::telemetry
