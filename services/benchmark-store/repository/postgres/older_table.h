#pragma once

#include "services/benchmark-store/repository/postgres/connection.h"

/// The table `exported_summaries`, which an older tool kept its benchmarks in
/// and which may be in the same database as ours.
namespace loadline::store::postgres {

/// The database has it.
base::Result<bool> HasSummaries(Connection& connection, const CallScope& scope);

/// Our tables are there, with benchmarks in them.
base::Result<bool> HoldsBenchmarks(Connection& connection, const CallScope& scope);

/// The database has the older table and no benchmarks of ours: somebody should
/// be told how to adopt it.
base::Result<bool> AwaitsAdoption(Connection& connection, const CallScope& scope);

/// What they are told.
inline constexpr char kHowToAdopt[] =
    "This database has a table exported_summaries, which stays as it is. To copy its rows into Loadline's tables: "
    "loadline migrate-data --from postgresql:URL --to postgresql:URL, both with this database's URL.";

}  // namespace loadline::store::postgres
