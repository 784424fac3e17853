#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/domain/reading.h"

namespace loadline::store::postgres {

/// Rows for `COPY ... FROM STDIN` in PostgreSQL's text form, field by field.
class CopyBuffer {
 public:
  /// Starts the next row.
  CopyBuffer& Row();
  CopyBuffer& Integer(std::int32_t value);
  CopyBuffer& BigInteger(std::optional<std::int64_t> value);
  CopyBuffer& Double(domain::Reading value);
  CopyBuffer& Boolean(bool value);
  /// Text or JSON; without NUL, in UTF-8.
  CopyBuffer& Text(std::string_view value);
  CopyBuffer& Bytes(std::string_view value);
  CopyBuffer& Timestamp(std::optional<base::Timestamp> value);

  std::size_t bytes() const { return text_.size(); }
  bool empty() const { return text_.empty(); }
  /// All rows, a line each.
  const std::string& Lines();
  /// Leaves no row, but keeps the memory for the next.
  void Clear() { text_.clear(); }

 private:
  CopyBuffer& EndField();

  // A tab after each field; the last one of a row becomes the end of its line.
  std::string text_;
};

}  // namespace loadline::store::postgres
