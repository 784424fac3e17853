#include "services/benchmark-store/repository/postgres/older_table.h"

namespace loadline::store::postgres {
namespace {

constexpr char kHasSummaries[] = "SELECT to_regclass('exported_summaries') IS NOT NULL";
constexpr char kHasState[] = "SELECT to_regclass('store_state') IS NOT NULL";
constexpr char kHasBenchmarks[] = "SELECT benchmark_count > 0 FROM store_state";

base::Result<bool> Ask(Connection& connection, const char* question, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(question, {}, scope));
  return rows.Boolean(0, 0);
}

}  // namespace

base::Result<bool> HasSummaries(Connection& connection, const CallScope& scope) {
  return Ask(connection, kHasSummaries, scope);
}

base::Result<bool> HoldsBenchmarks(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const bool has_state, Ask(connection, kHasState, scope));
  if (!has_state) return false;
  return Ask(connection, kHasBenchmarks, scope);
}

base::Result<bool> AwaitsAdoption(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const bool has_summaries, HasSummaries(connection, scope));
  if (!has_summaries) return false;
  LOADLINE_ASSIGN_OR_RETURN(const bool holds_benchmarks, HoldsBenchmarks(connection, scope));
  return !holds_benchmarks;
}

}  // namespace loadline::store::postgres
