#include "libs/telemetry/span_exporter.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "libs/rpc/log.h"

namespace loadline::telemetry {

SpanExporter::SpanExporter(Receiver receiver, SpanExporterOptions options)
    : receiver_(std::move(receiver)), options_(options), thread_([this] { Run(); }) {}

SpanExporter::~SpanExporter() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, options_.flush, [this] { return ended_; })) {
      dropped_ += static_cast<std::int64_t>(std::exchange(waiting_, {}).size());
      receiver_.abort();
    }
  }
  thread_.join();
}

void SpanExporter::Record(rpc::Span span) {
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= options_.max_waiting) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(span));
    full = waiting_.size() == options_.batch;
  }
  if (full) changed_.notify_all();
}

void SpanExporter::Run() {
  for (auto batch = Take(); !batch.empty(); batch = Take()) Send(batch);
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

// Waits until a batch is there. Empty at the end.
std::vector<rpc::Span> SpanExporter::Take() {
  std::unique_lock lock(mutex_);
  const auto due = [this] { return stopping_ || waiting_.size() >= options_.batch; };
  while (!changed_.wait_for(lock, options_.interval, due) && waiting_.empty()) continue;
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), options_.batch));
  std::vector<rpc::Span> batch(std::make_move_iterator(waiting_.begin()),
                               std::make_move_iterator(waiting_.begin() + count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  return batch;
}

void SpanExporter::Send(const std::vector<rpc::Span>& batch) {
  const auto count = static_cast<std::int64_t>(batch.size());
  const auto sent = receiver_.send(batch);
  (sent ? exported_ : dropped_) += count;
  if (!sent) {
    rpc::Log(rpc::LogLevel::kWarning, "spans_not_exported",
             {{"message", "Spans could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT, and are lost."},
              {"detail", sent.error().message}});
  }
}

}  // namespace loadline::telemetry
