#include "services/benchmark-store/repository/postgres/rows.h"

#include <libpq-fe.h>

#include <bit>
#include <charconv>
#include <cstring>

namespace loadline::store::postgres {
namespace {

std::uint64_t FromBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

constexpr std::size_t kWord = 4;
constexpr std::size_t kArrayHeaderWords = 5;

}  // namespace

Rows::Rows(pg_result* result) : result_(result, [](pg_result* each) { PQclear(each); }) {}

int Rows::size() const { return PQntuples(result_.get()); }

std::int64_t Rows::affected() const {
  const char* text = PQcmdTuples(result_.get());
  std::int64_t count = 0;
  std::from_chars(text, text + std::strlen(text), count);
  return count;
}

bool Rows::IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

std::string_view Rows::Bytes(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int32_t Rows::Integer(int row, int column) const {
  return static_cast<std::int32_t>(FromBigEndian(Bytes(row, column)));
}

std::int64_t Rows::BigInteger(int row, int column) const {
  return static_cast<std::int64_t>(FromBigEndian(Bytes(row, column)));
}

double Rows::Double(int row, int column) const { return std::bit_cast<double>(FromBigEndian(Bytes(row, column))); }

bool Rows::Boolean(int row, int column) const { return FromBigEndian(Bytes(row, column)) != 0; }

std::vector<std::string> Rows::Texts(int row, int column) const {
  std::vector<std::string> texts;
  auto bytes = Bytes(row, column);
  if (bytes.size() < kWord * kArrayHeaderWords) return texts;
  bytes.remove_prefix(kWord * kArrayHeaderWords);
  while (!bytes.empty()) {
    const auto size = FromBigEndian(bytes.substr(0, kWord));
    texts.emplace_back(bytes.substr(kWord, size));
    bytes.remove_prefix(kWord + size);
  }
  return texts;
}

domain::Reading Rows::Reading(int row, int column) const {
  return IsNull(row, column) ? domain::Reading() : domain::Reading(Double(row, column));
}

std::optional<std::int64_t> Rows::OptionalBigInteger(int row, int column) const {
  return IsNull(row, column) ? std::nullopt : std::optional(BigInteger(row, column));
}

}  // namespace loadline::store::postgres
