#include "services/benchmark-store/moving/checkpoint.h"

namespace loadline::store::moving {
namespace {

// No migration: it is a note of this program, and there only while moves are
// under way or were cut off.
constexpr char kMakeTable[] =
    "CREATE TABLE IF NOT EXISTS data_moves (source text PRIMARY KEY, position text NOT NULL, copied boolean NOT NULL, "
    "merges boolean NOT NULL, rows_read bigint NOT NULL, accepted bigint NOT NULL, already_present bigint NOT NULL, "
    "quarantined bigint NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())";
constexpr char kRead[] =
    "SELECT position, copied, merges, rows_read, accepted, already_present, quarantined FROM data_moves "
    "WHERE source = $1";
constexpr char kHoldsRows[] = "SELECT benchmark_count + quarantined_count > 0 FROM store_state";
constexpr char kSave[] =
    "INSERT INTO data_moves (source, position, copied, merges, rows_read, accepted, already_present, quarantined) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (source) DO UPDATE SET position = excluded.position, "
    "copied = excluded.copied, merges = excluded.merges, rows_read = excluded.rows_read, accepted = excluded.accepted, "
    "already_present = excluded.already_present, quarantined = excluded.quarantined, updated_at = now()";
constexpr char kRemove[] = "DELETE FROM data_moves WHERE source = $1";

Progress ProgressIn(const postgres::Rows& rows) {
  return {.position = rows.Text(0, 0),
          .copied = rows.Boolean(0, 1),
          .merges = rows.Boolean(0, 2),
          .read = rows.BigInteger(0, 3),
          .accepted = rows.BigInteger(0, 4),
          .already_present = rows.BigInteger(0, 5),
          .quarantined = rows.BigInteger(0, 6)};
}

}  // namespace

base::Result<Checkpoint> Checkpoint::Open(postgres::Connection& connection, const std::string& source) {
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kMakeTable, {}));
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kRead, postgres::Parameters().Text(source), {}));
  if (!rows.empty()) return Checkpoint(connection, source, ProgressIn(rows));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, connection.Run(kHoldsRows, {}, {}));
  Checkpoint checkpoint(connection, source, {});
  checkpoint.progress_.merges = state.Boolean(0, 0);
  return checkpoint;
}

base::Status Checkpoint::Save(const Progress& progress) {
  postgres::Parameters values;
  values.Text(source_).Text(progress.position).Boolean(progress.copied).Boolean(progress.merges);
  values.BigInteger(progress.read).BigInteger(progress.accepted).BigInteger(progress.already_present);
  values.BigInteger(progress.quarantined);
  LOADLINE_RETURN_IF_ERROR(connection_->Run(kSave, values, {}));
  progress_ = progress;
  return {};
}

base::Status Checkpoint::Remove() {
  LOADLINE_RETURN_IF_ERROR(connection_->Run(kRemove, postgres::Parameters().Text(source_), {}));
  return {};
}

}  // namespace loadline::store::moving
