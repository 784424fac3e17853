#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/domain/reading.h"

namespace loadline::store::postgres {

/// Rows for `COPY ... FROM STDIN (FORMAT binary)`, field by field.
class CopyBuffer {
 public:
  CopyBuffer() { Clear(); }

  /// Starts the next row, which has as many fields.
  CopyBuffer& Row(int fields);
  CopyBuffer& Integer(std::int32_t value);
  CopyBuffer& BigInteger(std::optional<std::int64_t> value);
  CopyBuffer& Double(domain::Reading value);
  CopyBuffer& Boolean(bool value);
  /// Text, JSON or bytes.
  CopyBuffer& Bytes(std::string_view value);

  std::size_t bytes() const { return bytes_.size(); }
  bool empty() const { return rows_ == 0; }
  /// All rows with what COPY wants around them; the buffer is empty afterwards.
  std::string Take();

 private:
  void Clear();

  std::string bytes_;
  std::int64_t rows_ = 0;
};

}  // namespace loadline::store::postgres
