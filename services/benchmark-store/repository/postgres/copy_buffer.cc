#include "services/benchmark-store/repository/postgres/copy_buffer.h"

#include "services/benchmark-store/repository/postgres/value_text.h"

namespace loadline::store::postgres {
namespace {

// What would end a field or a row, and what they are written with.
constexpr std::string_view kSpecial("\\\t\n\r", 4);
constexpr std::string_view kEscaped("\\tnr", 4);

void AppendNull(std::string& text) { text += "\\N"; }

}  // namespace

CopyBuffer& CopyBuffer::Row() {
  if (!text_.empty()) text_.back() = '\n';
  return *this;
}

CopyBuffer& CopyBuffer::EndField() {
  text_ += '\t';
  return *this;
}

CopyBuffer& CopyBuffer::Integer(std::int32_t value) { return BigInteger(value); }

CopyBuffer& CopyBuffer::BigInteger(std::optional<std::int64_t> value) {
  value ? AppendInteger(text_, *value) : AppendNull(text_);
  return EndField();
}

CopyBuffer& CopyBuffer::Double(domain::Reading value) {
  value ? AppendDouble(text_, *value) : AppendNull(text_);
  return EndField();
}

CopyBuffer& CopyBuffer::Boolean(bool value) {
  text_ += value ? 't' : 'f';
  return EndField();
}

CopyBuffer& CopyBuffer::Text(std::string_view value) {
  for (auto next = value.find_first_of(kSpecial); next != value.npos; next = value.find_first_of(kSpecial)) {
    text_ += value.substr(0, next);
    text_ += {'\\', kEscaped[kSpecial.find(value[next])]};
    value.remove_prefix(next + 1);
  }
  text_ += value;
  return EndField();
}

CopyBuffer& CopyBuffer::Bytes(std::string_view value) {
  // The backslash of \x is written as two.
  text_ += '\\';
  AppendBytes(text_, value);
  return EndField();
}

CopyBuffer& CopyBuffer::Timestamp(std::optional<base::Timestamp> value) {
  value ? AppendTimestamp(text_, *value) : AppendNull(text_);
  return EndField();
}

const std::string& CopyBuffer::Lines() {
  Row();
  return text_;
}

}  // namespace loadline::store::postgres
