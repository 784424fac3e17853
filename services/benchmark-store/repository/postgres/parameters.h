#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::store::postgres {

/// The values of $1, $2, ..., which travel apart from the statement, so that no
/// text is ever read as SQL. Numbers arrive as they are.
class Parameters {
 public:
  Parameters& Integer(std::int32_t value);
  Parameters& BigInteger(std::int64_t value);
  Parameters& Double(std::optional<double> value);
  Parameters& Boolean(bool value);
  /// Without NUL, in UTF-8.
  Parameters& Text(std::string_view value);
  Parameters& Bytes(std::string_view value);
  Parameters& Integers(const std::vector<std::int32_t>& values);
  Parameters& Texts(const std::vector<std::string>& values);

  int size() const { return static_cast<int>(values_.size()); }
  /// In PostgreSQL's text form.
  const std::vector<std::optional<std::string>>& values() const { return values_; }
  /// `sql` with the types of its parameters: `$1::int4` for `$1`. libpqxx sends
  /// no types, and without them `unnest($1)` would mean anything.
  std::string Typed(std::string_view sql) const;

 private:
  Parameters& Add(const char* type, std::optional<std::string> value);

  std::vector<const char*> types_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace loadline::store::postgres
