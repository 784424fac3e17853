#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.h"
#include "libs/domain/reading.h"

namespace pqxx {
class result;
}

namespace loadline::store::postgres {

/// What a statement returned. Columns are numbered from 0 and must be of the
/// type that is asked for. Cheap to copy; immutable.
class Rows {
 public:
  explicit Rows(const pqxx::result& result);

  int size() const;
  bool empty() const { return size() == 0; }
  /// Rows that INSERT, UPDATE or DELETE touched.
  std::int64_t affected() const;

  bool IsNull(int row, int column) const;
  std::int32_t Integer(int row, int column) const;
  std::int64_t BigInteger(int row, int column) const;
  double Double(int row, int column) const;
  bool Boolean(int row, int column) const;
  /// Good for as long as any copy of these rows.
  std::string_view View(int row, int column) const;
  std::string Text(int row, int column) const { return std::string(View(row, column)); }
  /// Of a bytea; a text's are its characters.
  std::string Bytes(int row, int column) const;
  /// An array of text.
  std::vector<std::string> Texts(int row, int column) const;

  // NULL is absence.
  domain::Reading Reading(int row, int column) const;
  std::optional<std::int64_t> OptionalBigInteger(int row, int column) const;
  std::optional<double> OptionalDouble(int row, int column) const { return Reading(row, column).ToOptional(); }
  /// A timestamptz; whole milliseconds.
  std::optional<base::Timestamp> OptionalTimestamp(int row, int column) const;

 private:
  std::shared_ptr<const pqxx::result> result_;
};

}  // namespace loadline::store::postgres
