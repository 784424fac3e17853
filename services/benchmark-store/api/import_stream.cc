#include "services/benchmark-store/api/import_stream.h"

#include <fmt/format.h>

#include "services/benchmark-store/api/messages.h"

namespace loadline::store {
namespace {

constexpr int kMaxRowsInMessage = 1000;

base::Error TooManyRows(int rows) {
  return base::InvalidArgument("rows", fmt::format("has {} rows; a message may have at most {}. Nothing was imported.",
                                                   rows, kMaxRowsInMessage));
}

base::Error NoCommit() {
  return base::InvalidArgument("commit",
                               "is missing: the stream ended without it, so nothing was imported. "
                               "Send the import again.");
}

base::Error EmptyMessage() {
  return base::InvalidArgument("part", "is not set: a message has rows or the commit. Nothing was imported.");
}

base::Error TooSlow() {
  return {.code = base::ErrorCode::kDeadlineExceeded,
          .reason = "IMPORT_TOO_SLOW",
          .message = "The import took longer than it may, so nothing was imported. Split it, or send it faster."};
}

bool IsLate(const CallScope& scope) { return std::chrono::steady_clock::now() >= scope.deadline; }

base::Status AddRows(const benchmark::v1::ImportRows& rows, ImportBenchmarks& intake) {
  if (rows.rows_size() > kMaxRowsInMessage) return base::Fail(TooManyRows(rows.rows_size()));
  for (const auto& row : rows.rows()) LOADLINE_RETURN_IF_ERROR(intake.Add(FromProto(row)));
  return {};
}

}  // namespace

template <typename Request>
base::Result<ImportSummary> ReceiveImport(const std::function<bool(Request*)>& read, ImportBenchmarks& intake,
                                          const CallScope& scope, const OnImportProgress& on_progress) {
  Request request;
  while (read(&request)) {
    const auto& commit = request.commit();
    switch (request.part_case()) {
      case Request::kRows: LOADLINE_RETURN_IF_ERROR(AddRows(request.rows(), intake)); break;
      case Request::kCommit: return intake.Finish(commit.row_count(), commit.validate_only(), on_progress);
      case Request::PART_NOT_SET: return base::Fail(EmptyMessage());
    }
    on_progress(intake.progress());
  }
  return base::Fail(IsLate(scope) ? TooSlow() : NoCommit());
}

template base::Result<ImportSummary> ReceiveImport(const std::function<bool(pb::ImportBenchmarksRequest*)>&,
                                                   ImportBenchmarks&, const CallScope&, const OnImportProgress&);
template base::Result<ImportSummary> ReceiveImport(const std::function<bool(pb::ImportWithProgressRequest*)>&,
                                                   ImportBenchmarks&, const CallScope&, const OnImportProgress&);

}  // namespace loadline::store
