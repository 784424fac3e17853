#include "services/benchmark-store/repository/postgres/rows.h"

#include <charconv>
#include <pqxx/pqxx>

#include "services/benchmark-store/repository/postgres/value_text.h"

namespace loadline::store::postgres {
namespace {

// Object id of the type, which is the same in every database.
constexpr pqxx::oid kByteaType = 17;

template <typename Number>
Number NumberIn(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

pqxx::field FieldAt(const pqxx::result& result, int row, int column) {
  return result[static_cast<pqxx::result::size_type>(row)][column];
}

}  // namespace

Rows::Rows(const pqxx::result& result) : result_(std::make_shared<const pqxx::result>(result)) {}

int Rows::size() const { return static_cast<int>(result_->size()); }

std::int64_t Rows::affected() const { return static_cast<std::int64_t>(result_->affected_rows()); }

bool Rows::IsNull(int row, int column) const { return FieldAt(*result_, row, column).is_null(); }

std::string_view Rows::View(int row, int column) const {
  const auto field = FieldAt(*result_, row, column);
  return {field.c_str(), field.size()};
}

std::int32_t Rows::Integer(int row, int column) const { return NumberIn<std::int32_t>(View(row, column)); }

std::int64_t Rows::BigInteger(int row, int column) const { return NumberIn<std::int64_t>(View(row, column)); }

double Rows::Double(int row, int column) const { return NumberIn<double>(View(row, column)); }

bool Rows::Boolean(int row, int column) const { return View(row, column) == "t"; }

std::string Rows::Bytes(int row, int column) const {
  return result_->column_type(column) == kByteaType ? BytesIn(View(row, column)) : Text(row, column);
}

std::vector<std::string> Rows::Texts(int row, int column) const {
  std::vector<std::string> texts;
  if (IsNull(row, column)) return texts;
  auto parser = FieldAt(*result_, row, column).as_array();
  while (true) {
    const auto [what, text] = parser.get_next();
    if (what == pqxx::array_parser::done) return texts;
    if (what == pqxx::array_parser::string_value) texts.push_back(text);
  }
}

// No number and no time has an empty text: that is NULL.

domain::Reading Rows::Reading(int row, int column) const {
  const auto text = View(row, column);
  return text.empty() ? domain::Reading() : domain::Reading(NumberIn<double>(text));
}

std::optional<std::int64_t> Rows::OptionalBigInteger(int row, int column) const {
  const auto text = View(row, column);
  return text.empty() ? std::nullopt : std::optional(NumberIn<std::int64_t>(text));
}

std::optional<base::Timestamp> Rows::OptionalTimestamp(int row, int column) const {
  const auto text = View(row, column);
  return text.empty() ? std::nullopt : std::optional(TimestampIn(text));
}

}  // namespace loadline::store::postgres
