#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::cli {

/// A value of a table; nullopt is NULL.
using SqlValue = std::optional<std::string>;
using SqlValues = std::vector<SqlValue>;

/// Walks through the statements of a dump that PostgreSQL wrote.
class SqlScanner {
 public:
  /// What `text` shows must outlive the scanner.
  explicit SqlScanner(std::string_view text) : text_(text) {}

  /// The next statement without its semicolon; "" at the end. Comments and the
  /// commands of psql are passed over.
  std::string_view NextStatement();
  /// The next line of the data that follow a COPY statement; nullopt at their
  /// end.
  std::optional<std::string_view> NextCopyLine();
  /// The text ended before the data of a COPY did.
  bool is_cut_off() const { return cut_off_; }
  /// The line, from 1, on which what was returned last starts.
  std::size_t line() const { return line_; }

 private:
  void SkipToStatement();
  std::size_t EndOfStatement() const;
  /// Moves to `end`, counting lines.
  void MoveTo(std::size_t end);
  std::string_view RestOfLine() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_at_ = 1;  // the line of `at_`
  std::size_t line_ = 1;
  bool cut_off_ = false;
};

/// The offset behind the literal or quoted name that starts at `at`; `at`
/// itself where none does. Knows '', E'', "" and $tag$.
std::size_t EndOfQuoted(std::string_view sql, std::size_t at);

/// The values of a line of COPY data: tabs divide, \N is NULL, backslashes
/// escape.
SqlValues ParseCopyLine(std::string_view line);

/// Hands over the rows behind the word VALUES, "(1, 'two', NULL), (...)", until
/// `take` wants no more; what follows the last row does not count.
void ParseValues(std::string_view values, const std::function<bool(SqlValues)>& take);

/// The names in `(a, "b", c)` at the start of `text`; in a CREATE TABLE the name
/// is the first word of each part, and constraints have none.
std::vector<std::string> ParseNames(std::string_view text);

}  // namespace loadline::cli
