#include "libs/domain/slo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::domain {
namespace {

constexpr double kMaxMs = 24.0 * 60 * 60 * 1000;
constexpr double kMsPerSecond = 1000;
constexpr std::string_view kSeparators = ";,";
constexpr std::string_view kWhitespace = " \t\n\v\f\r";
constexpr std::string_view kWordEnds = ":<=;, \t\n\v\f\r";
/// Longer words are no name that is known, and are not worth copying.
constexpr std::size_t kMaxWord = 16;

template <typename Value, std::size_t N>
std::string Names(const std::array<Value, N>& values) {
  std::array<std::string_view, N> names;
  std::transform(values.begin(), values.end(), names.begin(), [](Value value) { return Name(value); });
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Reads limits one after the other. Positions in messages count from 1.
class Parser {
 public:
  Parser(std::string_view text, std::string_view field) : text_(text), field_(field) {}

  base::Result<Limit> ReadLimit();
  /// True after the separator of another limit, false at the end.
  base::Result<bool> ReadSeparator();
  base::Error ErrorAt(std::size_t start, std::string_view what) const;
  std::size_t SkipSpaces();
  bool AtEnd() const { return position_ >= text_.size(); }

 private:
  template <typename Value, std::size_t N>
  base::Result<Value> ReadName(std::optional<Value> (*parse)(std::string_view), std::string_view kind,
                               const std::array<Value, N>& allowed);
  base::Status Expect(char wanted);
  base::Result<double> ReadMilliseconds();
  base::Result<bool> ReadUnitIsSeconds(std::size_t start);
  std::string_view TakeWord();
  std::string_view Since(std::size_t start) const { return text_.substr(start, position_ - start); }
  bool Take(char wanted);

  std::string_view text_;
  std::string_view field_;
  std::size_t position_ = 0;
};

base::Error Parser::ErrorAt(std::size_t start, std::string_view what) const {
  return base::InvalidArgument(field_, fmt::format("at position {}: {}", start + 1, what));
}

std::size_t Parser::SkipSpaces() {
  position_ = std::min(text_.find_first_not_of(kWhitespace, position_), text_.size());
  return position_;
}

std::string_view Parser::TakeWord() {
  const std::size_t start = position_;
  position_ = std::min(text_.find_first_of(kWordEnds, position_), text_.size());
  return Since(start);
}

bool Parser::Take(char wanted) {
  if (AtEnd() || text_[position_] != wanted) return false;
  ++position_;
  return true;
}

/// What stands where something else should.
std::string Instead(std::string_view rest) {
  return rest.empty() ? "the end" : Quoted(rest.substr(0, std::max<std::size_t>(1, rest.find_first_of(kWordEnds))));
}

base::Status Parser::Expect(char wanted) {
  const std::size_t start = SkipSpaces();
  if (Take(wanted)) return {};
  return base::Fail(ErrorAt(start, fmt::format("expected `{}`, found {}; a limit looks like `ttft:p95<500ms`", wanted,
                                               Instead(text_.substr(start)))));
}

template <typename Value, std::size_t N>
base::Result<Value> Parser::ReadName(std::optional<Value> (*parse)(std::string_view), std::string_view kind,
                                     const std::array<Value, N>& allowed) {
  const std::size_t start = SkipSpaces();
  const std::string_view word = TakeWord();
  if (word.empty()) {
    return base::Fail(ErrorAt(start, fmt::format("a {} is missing before {}; allowed: {}", kind,
                                                 Instead(text_.substr(start)), Names(allowed))));
  }
  const auto value = word.size() <= kMaxWord ? parse(Lower(word)) : std::nullopt;
  if (value) return *value;
  return base::Fail(ErrorAt(start, fmt::format("{} is not a {}; allowed: {}", Quoted(word), kind, Names(allowed))));
}

base::Result<bool> Parser::ReadUnitIsSeconds(std::size_t start) {
  const std::size_t unit_start = SkipSpaces();
  const std::string_view unit = TakeWord();
  if (EqualsIgnoringCase(unit, "ms")) return false;
  if (EqualsIgnoringCase(unit, "s")) return true;
  if (unit.empty()) {
    return base::Fail(ErrorAt(start, fmt::format("{} has no unit; allowed: ms, s", Quoted(Trim(Since(start))))));
  }
  return base::Fail(ErrorAt(unit_start, fmt::format("{} is not a unit; allowed: ms, s", Quoted(unit))));
}

/// `seconds`, which was read from `number`, in ms. Decimal text is scaled as
/// text, so that 1.1 s are 1100 ms and not the 1100.0000000000002 of a product.
double Milliseconds(std::string_view number, double seconds) {
  double milliseconds = seconds * kMsPerSecond;
  if (number.find_first_not_of("0123456789.") != std::string_view::npos) return milliseconds;
  const std::string scaled = std::string(number) + "e3";
  std::from_chars(scaled.data(), scaled.data() + scaled.size(), milliseconds);
  return milliseconds;
}

base::Result<double> Parser::ReadMilliseconds() {
  const std::size_t start = SkipSpaces();
  const std::string_view rest = text_.substr(start);
  double value = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error == std::errc::invalid_argument) {
    return base::Fail(ErrorAt(start, fmt::format("a number such as `500ms` is missing before {}", Instead(rest))));
  }
  position_ += static_cast<std::size_t>(stop - rest.data());
  LOADLINE_ASSIGN_OR_RETURN(const bool seconds, ReadUnitIsSeconds(start));
  if (seconds) value = Milliseconds(rest.substr(0, static_cast<std::size_t>(stop - rest.data())), value);
  if (error == std::errc() && value > 0 && value <= kMaxMs) return value;
  return base::Fail(
      ErrorAt(start, fmt::format("{} must be greater than 0 and at most 24 hours (86400s)", Quoted(Since(start)))));
}

base::Result<Limit> Parser::ReadLimit() {
  Limit limit;
  LOADLINE_ASSIGN_OR_RETURN(limit.metric, ReadName(ParseMetric, "metric", kMetrics));
  LOADLINE_RETURN_IF_ERROR(Expect(':'));
  LOADLINE_ASSIGN_OR_RETURN(limit.statistic, ReadName(ParseStatistic, "statistic", kStatistics));
  LOADLINE_RETURN_IF_ERROR(Expect('<'));
  Take('=');
  LOADLINE_ASSIGN_OR_RETURN(limit.max_ms, ReadMilliseconds());
  return limit;
}

base::Result<bool> Parser::ReadSeparator() {
  const std::size_t start = SkipSpaces();
  if (AtEnd()) return false;
  if (kSeparators.find(text_[position_++]) != std::string_view::npos) return true;
  return base::Fail(ErrorAt(
      start, fmt::format("expected `;` and another limit, or the end; found {}", Instead(text_.substr(start)))));
}

bool SamePromise(const Limit& a, const Limit& b) { return a.metric == b.metric && a.statistic == b.statistic; }

}  // namespace

std::string Limit::ToString() const { return fmt::format("{}:{}<{}ms", Name(metric), Name(statistic), max_ms); }

base::Result<Slo> Slo::Parse(std::string_view text, std::string_view field) {
  Parser parser(text, field);
  std::vector<Limit> limits;
  bool more = true;
  while (more) {
    const std::size_t start = parser.SkipSpaces();
    LOADLINE_ASSIGN_OR_RETURN(const Limit limit, parser.ReadLimit());
    const auto same = [&limit](const Limit& other) { return SamePromise(limit, other); };
    if (std::any_of(limits.begin(), limits.end(), same)) {
      return base::Fail(parser.ErrorAt(start, fmt::format("`{}:{}` is limited twice; at most one limit for each",
                                                          Name(limit.metric), Name(limit.statistic))));
    }
    limits.push_back(limit);
    LOADLINE_ASSIGN_OR_RETURN(more, parser.ReadSeparator());
  }
  return Slo(std::move(limits));
}

std::string Slo::ToString() const {
  std::string text;
  for (const auto& limit : limits_) text += (text.empty() ? "" : ";") + limit.ToString();
  return text;
}

}  // namespace loadline::domain
