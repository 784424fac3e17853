#include "services/benchmark-store/repository/postgres/value_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

namespace loadline::store::postgres {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
// Enough for any double, and any 64-bit integer.
constexpr std::size_t kLongestNumber = 32;

template <typename Number>
void AppendNumber(std::string& text, Number value) {
  std::array<char, kLongestNumber> digits = {};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

/// The number at the front of `text`, which loses it and the character after.
int TakeNumber(std::string_view& text) {
  int number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
  return number;
}

unsigned DigitOf(char hex) { return static_cast<unsigned>(hex <= '9' ? hex - '0' : hex - 'a' + 10); }

}  // namespace

void AppendInteger(std::string& text, std::int64_t value) { AppendNumber(text, value); }

void AppendDouble(std::string& text, double value) { AppendNumber(text, value); }

void AppendBytes(std::string& text, std::string_view bytes) {
  text += "\\x";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += {kDigits[value >> 4U], kDigits[value & 0xFU]};
  }
}

void AppendTimestamp(std::string& text, base::Timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  fmt::format_to(std::back_inserter(text), "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}+00",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                 time.hours().count(), time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::string BytesIn(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<char>(DigitOf(text[i]) << 4U | DigitOf(text[i + 1])));
  }
  return bytes;
}

base::Timestamp TimestampIn(std::string_view text) {
  const std::chrono::year year(TakeNumber(text));
  const std::chrono::month month(static_cast<unsigned>(TakeNumber(text)));
  const std::chrono::day day(static_cast<unsigned>(TakeNumber(text)));
  const std::chrono::hours hours(TakeNumber(text));
  const std::chrono::minutes minutes(TakeNumber(text));
  // A fraction is there where it is not 0, without zeros at its end.
  const bool whole = text.find('.') == std::string_view::npos;
  const std::chrono::seconds seconds(TakeNumber(text));
  std::string fraction(whole ? "" : text.substr(0, text.find('+')));
  fraction.resize(3, '0');
  std::string_view digits = fraction;
  return std::chrono::sys_days(year / month / day) + hours + minutes + seconds +
         std::chrono::milliseconds(TakeNumber(digits));
}

}  // namespace loadline::store::postgres
