#include "services/benchmark-store/repository/postgres/parameters.h"

#include <bit>

namespace loadline::store::postgres {
namespace {

// Object ids of types, which are the same in every database.
constexpr unsigned kBoolType = 16;
constexpr unsigned kByteaType = 17;
constexpr unsigned kInt8Type = 20;
constexpr unsigned kInt4Type = 23;
constexpr unsigned kTextType = 25;
constexpr unsigned kFloat8Type = 701;
constexpr unsigned kInt4ArrayType = 1007;
constexpr unsigned kTextArrayType = 1009;

std::string BigEndian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  AppendBigEndian(bytes, value, size);
  return bytes;
}

/// What precedes the elements of a list: its dimensions, whether it has NULLs,
/// the elements' type, their number and the index of the first.
std::string ArrayHeader(unsigned element_type, std::size_t size) {
  std::string bytes;
  for (const std::uint64_t word : {std::uint64_t{size == 0 ? 0U : 1U}, std::uint64_t{0}, std::uint64_t{element_type}}) {
    AppendBigEndian(bytes, word, 4);
  }
  if (size == 0) return bytes;
  AppendBigEndian(bytes, size, 4);
  AppendBigEndian(bytes, 1, 4);
  return bytes;
}

}  // namespace

void AppendBigEndian(std::string& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

Parameters& Parameters::Add(unsigned type, std::optional<std::string> value) {
  types_.push_back(type);
  values_.push_back(std::move(value));
  return *this;
}

Parameters& Parameters::Integer(std::int32_t value) {
  return Add(kInt4Type, BigEndian(static_cast<std::uint32_t>(value), 4));
}

Parameters& Parameters::BigInteger(std::int64_t value) {
  return Add(kInt8Type, BigEndian(static_cast<std::uint64_t>(value), 8));
}

Parameters& Parameters::Double(std::optional<double> value) {
  if (!value) return Add(kFloat8Type, std::nullopt);
  return Add(kFloat8Type, BigEndian(std::bit_cast<std::uint64_t>(*value), 8));
}

Parameters& Parameters::Boolean(bool value) { return Add(kBoolType, std::string(1, value ? '\1' : '\0')); }

Parameters& Parameters::Text(std::string_view value) { return Add(kTextType, std::string(value)); }

Parameters& Parameters::Bytes(std::string_view value) { return Add(kByteaType, std::string(value)); }

Parameters& Parameters::Integers(const std::vector<std::int32_t>& values) {
  auto bytes = ArrayHeader(kInt4Type, values.size());
  for (const auto value : values) {
    AppendBigEndian(bytes, 4, 4);
    AppendBigEndian(bytes, static_cast<std::uint32_t>(value), 4);
  }
  return Add(kInt4ArrayType, std::move(bytes));
}

Parameters& Parameters::Texts(const std::vector<std::string>& values) {
  auto bytes = ArrayHeader(kTextType, values.size());
  for (const auto& value : values) {
    AppendBigEndian(bytes, value.size(), 4);
    bytes += value;
  }
  return Add(kTextArrayType, std::move(bytes));
}

}  // namespace loadline::store::postgres
