#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::store::postgres {

/// Appends `value` as PostgreSQL sends it: the most significant byte first.
void AppendBigEndian(std::string& bytes, std::uint64_t value, std::size_t size);

/// The values of $1, $2, ... in PostgreSQL's binary form, so that numbers
/// arrive as they are and no text is ever parsed as SQL.
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
  /// Types of PostgreSQL's catalogue.
  const std::vector<unsigned>& types() const { return types_; }
  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  Parameters& Add(unsigned type, std::optional<std::string> value);

  std::vector<unsigned> types_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace loadline::store::postgres
