#include "services/benchmark-store/repository/postgres/parameters.h"

#include <charconv>

#include "services/benchmark-store/repository/postgres/value_text.h"

namespace loadline::store::postgres {
namespace {

/// An element of a list, in quotes.
void AppendQuoted(std::string& text, std::string_view value) {
  text += '"';
  for (const char character : value) {
    if (character == '"' || character == '\\') text += '\\';
    text += character;
  }
  text += '"';
}

template <typename Values, typename Append>
std::string ListOf(const Values& values, const Append& append) {
  std::string text = "{";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    append(text, value);
  }
  return text + '}';
}

}  // namespace

Parameters& Parameters::Add(const char* type, std::optional<std::string> value) {
  types_.push_back(type);
  values_.push_back(std::move(value));
  return *this;
}

Parameters& Parameters::Integer(std::int32_t value) { return Add("int4", std::to_string(value)); }

Parameters& Parameters::BigInteger(std::int64_t value) { return Add("int8", std::to_string(value)); }

Parameters& Parameters::Double(std::optional<double> value) {
  if (!value) return Add("float8", std::nullopt);
  std::string text;
  AppendDouble(text, *value);
  return Add("float8", std::move(text));
}

Parameters& Parameters::Boolean(bool value) { return Add("bool", value ? "t" : "f"); }

Parameters& Parameters::Text(std::string_view value) { return Add("text", std::string(value)); }

Parameters& Parameters::Bytes(std::string_view value) {
  std::string text;
  AppendBytes(text, value);
  return Add("bytea", std::move(text));
}

Parameters& Parameters::Integers(const std::vector<std::int32_t>& values) {
  return Add("int4[]", ListOf(values, AppendInteger));
}

Parameters& Parameters::Texts(const std::vector<std::string>& values) {
  return Add("text[]", ListOf(values, AppendQuoted));
}

std::string Parameters::Typed(std::string_view sql) const {
  std::string typed;
  for (auto next = sql.find('$'); next != sql.npos; next = sql.find('$')) {
    std::size_t number = 0;
    const auto* digits = sql.data() + next + 1;
    const auto* end = std::from_chars(digits, sql.data() + sql.size(), number).ptr;
    typed += sql.substr(0, static_cast<std::size_t>(end - sql.data()));
    if (number > 0 && number <= types_.size()) typed.append("::").append(types_[number - 1]);
    sql.remove_prefix(static_cast<std::size_t>(end - sql.data()));
  }
  return typed.append(sql);
}

}  // namespace loadline::store::postgres
