#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/copy_buffer.h"

namespace loadline::store::postgres {

/// Temporary tables of one connection that an import collects its rows in, so
/// that it takes no memory here and no lock there until it is committed:
/// `staged_rows`, which name a curve and a provenance by number, and
/// `staged_curves`, `staged_provenances`, `staged_quarantine`.
///
/// Rows are sent in batches. Numbers are remembered up to a bound, beyond which
/// the same curve gets a second number; merging makes them one again.
class Staging {
 public:
  /// Makes the tables, or empties them where an earlier import made them.
  static base::Status Prepare(Connection& connection, const CallScope& scope);

  explicit Staging(Connection& connection) : connection_(connection) {}

  base::Status Add(const domain::Verdict& verdict, const CallScope& scope);
  base::Status Quarantine(const QuarantinedRow& row, const CallScope& scope);
  /// Sends what was added since.
  base::Status Flush(const CallScope& scope);

  std::int64_t accepted() const { return accepted_; }
  std::int64_t quarantined() const { return quarantined_; }
  /// The months, of UTC, in which rows were measured.
  const std::set<std::chrono::year_month>& months() const { return months_; }

 private:
  struct CurveKey {
    domain::Configuration configuration;
    domain::TrafficShape shape;
    friend auto operator<=>(const CurveKey&, const CurveKey&) = default;
  };
  std::int32_t NumberOf(const domain::Configuration& configuration, const domain::TrafficShape& shape);
  std::int32_t NumberOf(const domain::Provenance& provenance);
  base::Status FlushIfLarge(const CallScope& scope);
  base::Status Send(CopyBuffer& buffer, const std::string& table, const CallScope& scope);

  Connection& connection_;
  CopyBuffer rows_;
  CopyBuffer curve_rows_;
  CopyBuffer provenance_rows_;
  CopyBuffer quarantine_rows_;
  std::map<CurveKey, std::int32_t> curves_;
  std::map<std::string, std::int32_t, std::less<>> provenances_;
  std::int32_t next_curve_ = 0;
  std::int32_t next_provenance_ = 0;
  std::set<std::chrono::year_month> months_;
  std::int64_t accepted_ = 0;
  std::int64_t quarantined_ = 0;
};

}  // namespace loadline::store::postgres
