#include "services/benchmark-store/repository/postgres/copy_buffer.h"

#include <bit>
#include <utility>

#include "services/benchmark-store/repository/postgres/parameters.h"

namespace loadline::store::postgres {
namespace {

// The signature, no flags, no extension.
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::uint64_t kNull = 0xFFFFFFFF;
constexpr std::uint64_t kEnd = 0xFFFF;

}  // namespace

void CopyBuffer::Clear() {
  bytes_ = kHeader;
  rows_ = 0;
}

CopyBuffer& CopyBuffer::Row(int fields) {
  ++rows_;
  AppendBigEndian(bytes_, static_cast<std::uint64_t>(fields), 2);
  return *this;
}

CopyBuffer& CopyBuffer::Integer(std::int32_t value) {
  AppendBigEndian(bytes_, 4, 4);
  AppendBigEndian(bytes_, static_cast<std::uint32_t>(value), 4);
  return *this;
}

CopyBuffer& CopyBuffer::BigInteger(std::optional<std::int64_t> value) {
  AppendBigEndian(bytes_, value ? 8 : kNull, 4);
  if (value) AppendBigEndian(bytes_, static_cast<std::uint64_t>(*value), 8);
  return *this;
}

CopyBuffer& CopyBuffer::Double(domain::Reading value) {
  AppendBigEndian(bytes_, value ? 8 : kNull, 4);
  if (value) AppendBigEndian(bytes_, std::bit_cast<std::uint64_t>(*value), 8);
  return *this;
}

CopyBuffer& CopyBuffer::Boolean(bool value) {
  AppendBigEndian(bytes_, 1, 4);
  bytes_.push_back(value ? '\1' : '\0');
  return *this;
}

CopyBuffer& CopyBuffer::Bytes(std::string_view value) {
  AppendBigEndian(bytes_, value.size(), 4);
  bytes_ += value;
  return *this;
}

std::string CopyBuffer::Take() {
  AppendBigEndian(bytes_, kEnd, 2);
  auto taken = std::move(bytes_);
  Clear();
  return taken;
}

}  // namespace loadline::store::postgres
