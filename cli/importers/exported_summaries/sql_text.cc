#include "cli/importers/exported_summaries/sql_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

/// No row has more: the rest of a longer one is passed over.
constexpr std::size_t kMaxValues = 10'000;
/// No value that a report needs is longer: the rest of it is passed over.
constexpr std::size_t kMaxValueBytes = std::size_t{1} << 20U;

/// The offset of the quote that ends the literal whose inside starts at `at`.
std::size_t ClosingQuote(std::string_view sql, std::size_t at, char quote, bool backslashes) {
  for (; at < sql.size(); ++at) {
    if (backslashes && sql[at] == '\\') {
      ++at;
    } else if (sql[at] == quote) {
      if (at + 1 >= sql.size() || sql[at + 1] != quote) return at;
      ++at;  // A doubled quote is one of the text.
    }
  }
  return sql.size();
}

bool IsNameCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "$tag$ ... $tag$"; `at` itself where none starts there.
std::size_t EndOfDollarQuoted(std::string_view sql, std::size_t at) {
  std::size_t tag_end = at + 1;
  while (tag_end < sql.size() && IsNameCharacter(sql[tag_end])) ++tag_end;
  if (tag_end >= sql.size() || sql[tag_end] != '$') return at;
  const std::string_view tag = sql.substr(at, tag_end + 1 - at);
  const std::size_t close = sql.find(tag, tag_end + 1);
  return close == std::string_view::npos ? sql.size() : close + tag.size();
}

bool StartsEscapeString(std::string_view sql, std::size_t at) {
  const bool is_e = sql[at] == 'E' || sql[at] == 'e';
  return is_e && at + 1 < sql.size() && sql[at + 1] == '\'' && (at == 0 || !IsNameCharacter(sql[at - 1]));
}

int DigitIn(char c, int base) {
  int digit = base;
  if (c >= '0' && c <= '9') digit = c - '0';
  if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
  return digit < base ? digit : -1;
}

/// Reads at most `max` digits of `base` at `at`, and moves behind them.
char TakeByte(std::string_view text, std::size_t& at, int base, std::size_t max) {
  int value = 0;
  for (std::size_t i = 0; i < max && at < text.size() && DigitIn(text[at], base) >= 0; ++i, ++at) {
    value = value * base + DigitIn(text[at], base);
  }
  return static_cast<char>(static_cast<std::uint8_t>(value & 0xFF));
}

/// The character that stands behind a backslash at `at`; moves behind it.
char TakeEscaped(std::string_view text, std::size_t& at) {
  static constexpr std::pair<char, char> kEscapes[] = {{'b', '\b'}, {'f', '\f'}, {'n', '\n'},
                                                       {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};
  if (DigitIn(text[at], 8) >= 0) return TakeByte(text, at, 8, 3);
  const char c = text[at++];
  if (c == 'x' && at < text.size() && DigitIn(text[at], 16) >= 0) return TakeByte(text, at, 16, 2);
  const auto* known =
      std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](const auto& e) { return e.first == c; });
  return known == std::end(kEscapes) ? c : known->second;
}

std::string Unescaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t backslash = std::min(text.find('\\', at), text.size());
    result += text.substr(at, backslash - at);
    at = backslash + 1;
    if (at < text.size()) result += TakeEscaped(text, at);
  }
  return result;
}

std::string WithSingleQuotes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '\'' && i + 1 < text.size() && text[i + 1] == '\'') ++i;
  }
  return result;
}

/// A literal as it stands between commas.
SqlValue ValueOf(std::string_view literal) {
  literal = domain::Trim(literal);
  if (domain::EqualsIgnoringCase(literal, "NULL")) return std::nullopt;
  const bool escapes = !literal.empty() && StartsEscapeString(literal, 0);
  if (escapes) literal.remove_prefix(1);
  if (!literal.starts_with('\'')) return std::string(literal.substr(0, kMaxValueBytes));
  const std::size_t length = std::min(ClosingQuote(literal, 1, '\'', escapes) - 1, kMaxValueBytes);
  const std::string text = WithSingleQuotes(literal.substr(1, length));
  return escapes ? Unescaped(text) : text;
}

/// The parts of "(a, b)" at the start of `text`, divided by the commas that are
/// in no quotes and no inner brackets; moves behind the closing bracket.
std::vector<std::string_view> TakeList(std::string_view& text) {
  std::vector<std::string_view> parts;
  if (!text.starts_with('(')) return parts;
  std::size_t depth = 0;
  std::size_t start = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t end = EndOfQuoted(text, at); end != at) {
      at = end;
      continue;
    }
    const char c = text[at++];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    const bool ends_part = (c == ',' && depth == 1) || depth == 0;
    if (ends_part && parts.size() < kMaxValues) parts.push_back(text.substr(start, at - 1 - start));
    if (depth == 0) {
      text.remove_prefix(at);
      return parts;
    }
    if (c == ',' && depth == 1) start = at;
  }
  text = {};
  return parts;
}

/// In a CREATE TABLE: what follows is no column. PostgreSQL writes names that
/// are such words in quotes.
bool IsConstraintWord(std::string_view word) {
  constexpr std::string_view kWords[] = {"CONSTRAINT", "CHECK", "PRIMARY", "UNIQUE", "FOREIGN", "EXCLUDE"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

}  // namespace

std::size_t EndOfQuoted(std::string_view sql, std::size_t at) {
  const auto behind = [&](std::size_t quote) { return std::min(quote + 1, sql.size()); };
  if (StartsEscapeString(sql, at)) return behind(ClosingQuote(sql, at + 2, '\'', true));
  if (sql[at] == '\'' || sql[at] == '"') return behind(ClosingQuote(sql, at + 1, sql[at], false));
  return sql[at] == '$' ? EndOfDollarQuoted(sql, at) : at;
}

std::string_view SqlScanner::RestOfLine() const {
  return text_.substr(at_, std::min(text_.find('\n', at_), text_.size()) - at_);
}

void SqlScanner::MoveTo(std::size_t end) {
  const std::string_view passed = text_.substr(at_, end - at_);
  line_at_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
  at_ = end;
}

void SqlScanner::SkipToStatement() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\\' || text_.substr(at_, 2) == "--") {
      MoveTo(at_ + RestOfLine().size());
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';') {
      MoveTo(at_ + 1);
    } else {
      return;
    }
  }
}

std::size_t SqlScanner::EndOfStatement() const {
  std::size_t at = at_;
  while (at < text_.size() && text_[at] != ';') {
    const std::size_t end = EndOfQuoted(text_, at);
    at = end == at ? at + 1 : end;
  }
  return at;
}

std::string_view SqlScanner::NextStatement() {
  SkipToStatement();
  line_ = line_at_;
  const std::size_t start = at_;
  MoveTo(EndOfStatement());
  const std::string_view statement = text_.substr(start, at_ - start);
  if (at_ < text_.size()) ++at_;
  return statement;
}

std::optional<std::string_view> SqlScanner::NextCopyLine() {
  // Behind the statement, or the line before, its line end is left.
  MoveTo(std::min(at_ + RestOfLine().size() + 1, text_.size()));
  line_ = line_at_;
  std::string_view line = RestOfLine();
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line == "\\.") return std::nullopt;
  cut_off_ = at_ == text_.size();
  return cut_off_ ? std::nullopt : std::optional(line);
}

SqlValues ParseCopyLine(std::string_view line) {
  SqlValues values;
  while (true) {
    const std::size_t tab = line.find('\t');
    const std::string_view value = line.substr(0, tab);
    values.push_back(value == "\\N" ? SqlValue() : SqlValue(Unescaped(value.substr(0, kMaxValueBytes))));
    if (tab == std::string_view::npos || values.size() == kMaxValues) return values;
    line.remove_prefix(tab + 1);
  }
}

void ParseValues(std::string_view values, const std::function<bool(SqlValues)>& take) {
  values = domain::Trim(values);
  while (values.starts_with('(')) {
    SqlValues row;
    for (const std::string_view literal : TakeList(values)) row.push_back(ValueOf(literal));
    if (!take(std::move(row))) return;
    values = domain::Trim(values);
    if (values.starts_with(',')) values = domain::Trim(values.substr(1));
  }
}

std::vector<std::string> ParseNames(std::string_view text) {
  std::vector<std::string> names;
  for (std::string_view part : TakeList(text)) {
    part = domain::Trim(part);
    const bool quoted = part.starts_with('"');
    if (quoted) part.remove_prefix(1);
    const std::string_view name = part.substr(0, part.find_first_of(quoted ? "\"" : " \t\r\n"));
    if (quoted || !IsConstraintWord(name)) names.emplace_back(name);
  }
  return names;
}

}  // namespace loadline::cli
