#include "services/benchmark-store/repository/postgres/copy_buffer.h"

#include <utility>

#include "services/benchmark-store/repository/postgres/value_text.h"

namespace loadline::store::postgres {
namespace {

// What would end a field or a row, and what they are written with.
constexpr std::string_view kSpecial("\\\t\n\r", 4);
constexpr std::string_view kEscaped("\\tnr", 4);

}  // namespace

CopyBuffer& CopyBuffer::Row() {
  if (rows_++ > 0) text_ += '\n';
  row_began_ = true;
  return *this;
}

void CopyBuffer::Begin() {
  if (!std::exchange(row_began_, false)) text_ += '\t';
}

CopyBuffer& CopyBuffer::Null() {
  text_ += "\\N";
  return *this;
}

CopyBuffer& CopyBuffer::Integer(std::int32_t value) { return BigInteger(value); }

CopyBuffer& CopyBuffer::BigInteger(std::optional<std::int64_t> value) {
  Begin();
  if (!value) return Null();
  AppendInteger(text_, *value);
  return *this;
}

CopyBuffer& CopyBuffer::Double(domain::Reading value) {
  Begin();
  if (!value) return Null();
  AppendDouble(text_, *value);
  return *this;
}

CopyBuffer& CopyBuffer::Boolean(bool value) {
  Begin();
  text_ += value ? 't' : 'f';
  return *this;
}

CopyBuffer& CopyBuffer::Text(std::string_view value) {
  Begin();
  for (auto next = value.find_first_of(kSpecial); next != value.npos; next = value.find_first_of(kSpecial)) {
    text_ += value.substr(0, next);
    text_ += {'\\', kEscaped[kSpecial.find(value[next])]};
    value.remove_prefix(next + 1);
  }
  text_ += value;
  return *this;
}

CopyBuffer& CopyBuffer::Bytes(std::string_view value) {
  Begin();
  // The backslash of \x is written as two.
  text_ += '\\';
  AppendBytes(text_, value);
  return *this;
}

CopyBuffer& CopyBuffer::Timestamp(std::optional<base::Timestamp> value) {
  Begin();
  if (!value) return Null();
  AppendTimestamp(text_, *value);
  return *this;
}

std::string CopyBuffer::Take() {
  rows_ = 0;
  return std::exchange(text_, {}) + '\n';
}

}  // namespace loadline::store::postgres
