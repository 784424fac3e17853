#include "libs/json/scalar.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "libs/domain/text.h"

namespace loadline::json {

using nlohmann::json;

namespace {

/// Long enough to recognise the value, short enough for a line of a terminal.
constexpr std::size_t kMaxQuotedValue = 80;

}  // namespace

std::optional<double> NumberInText(std::string_view text) {
  text = domain::Trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> NumberIn(const json& value) {
  if (value.is_number()) return value.get<double>();
  return value.is_string() ? NumberInText(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<std::int64_t> CountIn(const json& value) {
  constexpr double kLimit = 9e15;  // doubles hold whole numbers exactly up to here
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return {};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  const auto number = NumberIn(value);
  if (!number || !(std::abs(*number) <= kLimit) || *number != std::floor(*number)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::string Quoted(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kMaxQuotedValue) text = text.substr(0, kMaxQuotedValue) + "...";
  return text;
}

}  // namespace loadline::json
