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
  bool empty() const { return rows_ == 0; }
  /// All rows, a line each; the buffer is empty afterwards.
  std::string Take();

 private:
  void Begin();
  CopyBuffer& Null();

  std::string text_;
  std::int64_t rows_ = 0;
  bool row_began_ = false;
};

}  // namespace loadline::store::postgres
