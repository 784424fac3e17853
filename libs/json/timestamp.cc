#include "libs/json/timestamp.h"

#include <fmt/format.h>

#include <chrono>

namespace loadline::json {
namespace {

using namespace std::chrono;  // NOLINT: calendar arithmetic is unreadable otherwise

/// Takes pieces off the front of a text. Once a piece is missing it has failed
/// and takes nothing more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Exactly `digits` digits, as a number.
  int Number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!NextIsDigit()) return Fail();
      value = value * 10 + TakeDigit();
    }
    return value;
  }
  /// Any number of digits after a decimal point, as milliseconds.
  int Fraction() {
    int value = 0;
    int scale = 100;
    for (; NextIsDigit(); scale /= 10) value += scale * TakeDigit();
    return value;
  }
  bool TakeIf(char c) {
    const bool taken = !failed_ && !rest_.empty() && rest_.front() == c;
    if (taken) rest_.remove_prefix(1);
    return taken;
  }
  void Expect(char c) {
    if (!TakeIf(c)) Fail();
  }
  bool NextIsDigit() const { return !failed_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool Done() const { return !failed_ && rest_.empty(); }

 private:
  int TakeDigit() {
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }
  int Fail() {
    failed_ = true;
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

year_month_day ScanDate(Scanner& scanner) {
  const year y(scanner.Number(4));
  scanner.Expect('-');
  const month m(static_cast<unsigned>(scanner.Number(2)));
  scanner.Expect('-');
  return {y, m, day(static_cast<unsigned>(scanner.Number(2)))};
}

/// nullopt where an hour, minute or second is out of range.
std::optional<milliseconds> ScanTime(Scanner& scanner) {
  const int hour = scanner.Number(2);
  scanner.Expect(':');
  const int minute = scanner.Number(2);
  const int second = scanner.TakeIf(':') ? scanner.Number(2) : 0;
  const int millisecond = scanner.TakeIf('.') ? scanner.Fraction() : 0;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return hours(hour) + minutes(minute) + seconds(second) + milliseconds(millisecond);
}

minutes ScanOffset(Scanner& scanner) {
  if (scanner.TakeIf('Z') || scanner.TakeIf('z')) return minutes(0);
  const bool west = scanner.TakeIf('-');
  if (!west && !scanner.TakeIf('+')) return minutes(0);
  minutes offset = hours(scanner.Number(2));
  if (scanner.TakeIf(':') || scanner.NextIsDigit()) offset += minutes(scanner.Number(2));
  return west ? -offset : offset;
}

}  // namespace

std::string FormatTimestamp(base::Timestamp time) {
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<base::Timestamp> ParseTimestamp(std::string_view text) {
  Scanner scanner(text);
  const year_month_day date = ScanDate(scanner);
  std::optional<milliseconds> time = milliseconds(0);
  minutes offset(0);
  if (scanner.TakeIf('T') || scanner.TakeIf(' ')) {
    time = ScanTime(scanner);
    offset = ScanOffset(scanner);
  }
  if (!scanner.Done() || !date.ok() || !time) return std::nullopt;
  // An offset or a leap second may lead out of what can be written.
  const base::Timestamp result = base::Timestamp(sys_days(date)) + *time - offset;
  const bool writable = result >= sys_days(year(0) / 1 / 1) && result < sys_days(year(10'000) / 1 / 1);
  return writable ? std::optional(result) : std::nullopt;
}

}  // namespace loadline::json
