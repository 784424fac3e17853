#pragma once

#include <cstdint>
#include <string>

#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store::moving {

/// How far a move has come. Counts are rows.
struct Progress {
  /// Of the source; empty before the first commit.
  std::string position;
  bool copied = false;
  /// The destination held rows before the move began.
  bool merges = false;
  std::int64_t read = 0;
  std::int64_t accepted = 0;
  std::int64_t already_present = 0;
  std::int64_t quarantined = 0;
};

/// Progress kept in the destination, so that a move that was cut off goes on
/// from its last commit. Rows that were committed and not yet noted are read
/// again, which adds nothing. `connection` must outlive it. Not thread-safe.
class Checkpoint {
 public:
  /// `source` names what is moved: a changed source starts from its beginning.
  static base::Result<Checkpoint> Open(postgres::Connection& connection, const std::string& source);

  const Progress& progress() const { return progress_; }
  /// An earlier run noted something.
  bool resumed() const { return progress_.read > 0; }
  base::Status Save(const Progress& progress);
  /// The move is over.
  base::Status Remove();

 private:
  Checkpoint(postgres::Connection& connection, std::string source, Progress progress)
      : connection_(&connection), source_(std::move(source)), progress_(std::move(progress)) {}

  postgres::Connection* connection_;
  std::string source_;
  Progress progress_;
};

}  // namespace loadline::store::moving
