#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/reading.h"

// libpq's own name for a result, which users of this header need not include.
struct pg_result;

namespace loadline::store::postgres {

/// What a statement returned, in PostgreSQL's binary form. Columns are numbered
/// from 0 and must be of the type that is asked for. Cheap to copy; immutable.
class Rows {
 public:
  /// Takes over `result`.
  explicit Rows(pg_result* result);

  int size() const;
  bool empty() const { return size() == 0; }
  /// Rows that INSERT, UPDATE, DELETE or COPY touched.
  std::int64_t affected() const;

  bool IsNull(int row, int column) const;
  std::int32_t Integer(int row, int column) const;
  std::int64_t BigInteger(int row, int column) const;
  double Double(int row, int column) const;
  bool Boolean(int row, int column) const;
  /// Text or bytes.
  std::string_view Bytes(int row, int column) const;
  std::string Text(int row, int column) const { return std::string(Bytes(row, column)); }
  /// An array of text.
  std::vector<std::string> Texts(int row, int column) const;

  // NULL is absence.
  domain::Reading Reading(int row, int column) const;
  std::optional<std::int64_t> OptionalBigInteger(int row, int column) const;
  std::optional<double> OptionalDouble(int row, int column) const { return Reading(row, column).ToOptional(); }

 private:
  std::shared_ptr<pg_result> result_;
};

}  // namespace loadline::store::postgres
