#include "cli/client/import_call.h"

#include <algorithm>
#include <thread>

namespace loadline::cli {
namespace {

using Stub = benchmark_api::BenchmarkService::Stub;
using Answer = benchmark_api::ImportWithProgressResponse;

// False when the store has ended the call already: its status says why.
template <typename Request, typename Stream, typename OnSent>
bool WriteRows(const ImportPlan& plan, Stream& stream, const OnSent& on_sent) {
  for (std::size_t from = 0; from < plan.row_count; from += kRowsPerMessage) {
    const std::size_t to = std::min(from + kRowsPerMessage, plan.row_count);
    Request message;
    for (std::size_t i = from; i < to; ++i) plan.fill_row(i, message.mutable_rows()->add_rows());
    if (!stream.Write(message)) return false;
    on_sent(to);
  }
  return true;
}

template <typename Request, typename Stream>
void WriteCommit(const ImportPlan& plan, Stream& stream) {
  Request message;
  message.mutable_commit()->set_row_count(static_cast<std::int64_t>(plan.row_count));
  message.mutable_commit()->set_validate_only(plan.validate_only);
  stream.Write(message);
  stream.WritesDone();
}

ImportStep StepOf(const benchmark_api::ImportProgress& progress) {
  const bool merging = progress.phase() == benchmark_api::IMPORT_PHASE_MERGING;
  return {.merging = merging,
          .rows = static_cast<std::size_t>(merging ? progress.merged_count() : progress.received_count())};
}

/// Reads to the end. True: a result was there.
template <typename Stream>
bool Listen(const ImportPlan& plan, Stream& stream, benchmark_api::ImportBenchmarksResponse* result) {
  Answer answer;
  while (stream.Read(&answer)) {
    if (answer.has_result()) {
      result->Swap(answer.mutable_result());
      return true;
    }
    plan.on_progress(StepOf(answer.progress()));
  }
  return false;
}

}  // namespace

grpc::Status ImportWithProgress(Stub& stub, grpc::ClientContext& context, const ImportPlan& plan,
                                benchmark_api::ImportBenchmarksResponse* result) {
  using Request = benchmark_api::ImportWithProgressRequest;
  const auto stream = stub.ImportWithProgress(&context);
  bool answered = false;
  std::jthread listener([&] { answered = Listen(plan, *stream, result); });
  if (WriteRows<Request>(plan, *stream, [](std::size_t) {})) WriteCommit<Request>(plan, *stream);
  listener.join();
  grpc::Status status = stream->Finish();
  if (status.ok() && !answered) return {grpc::StatusCode::INTERNAL, "The store ended the import without a result."};
  return status;
}

grpc::Status ImportWithoutProgress(Stub& stub, grpc::ClientContext& context, const ImportPlan& plan,
                                   benchmark_api::ImportBenchmarksResponse* result) {
  using Request = benchmark_api::ImportBenchmarksRequest;
  const auto stream = stub.ImportBenchmarks(&context, result);
  const auto on_sent = [&](std::size_t rows) { plan.on_progress({.rows = rows}); };
  if (WriteRows<Request>(plan, *stream, on_sent)) WriteCommit<Request>(plan, *stream);
  return stream->Finish();
}

}  // namespace loadline::cli
