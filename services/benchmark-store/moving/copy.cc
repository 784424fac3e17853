#include "services/benchmark-store/moving/copy.h"

namespace loadline::store::moving {
namespace {

base::Status Add(MovedRow row, ImportSession& session) {
  if (!row.quarantined) return session.Accept(row.verdict);
  return session.Quarantine(QuarantinedFrom(std::move(row.verdict), std::move(row.location)));
}

base::Status CopyBatch(Source& source, ImportSession& session, std::int64_t batch_rows, Progress& progress) {
  const auto enough = progress.read + batch_rows;
  do {
    LOADLINE_ASSIGN_OR_RETURN(auto page, source.Read(progress.position));
    for (auto& row : page.rows) LOADLINE_RETURN_IF_ERROR(Add(std::move(row), session));
    progress.read += std::ssize(page.rows);
    progress.position = std::move(page.next);
    progress.copied = progress.position.empty();
  } while (!progress.copied && progress.read < enough);
  return {};
}

}  // namespace

base::Status Copy(Source& source, BenchmarkRepository& destination, Checkpoint& checkpoint, std::int64_t batch_rows,
                  const OnProgress& on_progress) {
  auto progress = checkpoint.progress();
  while (!progress.copied) {
    LOADLINE_ASSIGN_OR_RETURN(const auto session, destination.BeginImport({}));
    LOADLINE_RETURN_IF_ERROR(CopyBatch(source, *session, batch_rows, progress));
    LOADLINE_ASSIGN_OR_RETURN(const auto outcome, session->Commit());
    progress.accepted += outcome.accepted;
    progress.already_present += outcome.already_present;
    progress.quarantined += outcome.quarantined;
    LOADLINE_RETURN_IF_ERROR(checkpoint.Save(progress));
    on_progress(progress.read);
  }
  return {};
}

}  // namespace loadline::store::moving
