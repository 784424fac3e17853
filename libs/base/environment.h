#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::base {

/// Reads settings from environment variables, collecting every mistake, so
/// that a wrong configuration is reported in one go.
///
///     EnvironmentReader reader(FromProcess);
///     config.port = reader.Integer("PORT", {.fallback = 50051, .min = 0, .max = 65535});
///     LOADLINE_RETURN_IF_ERROR(reader.Finish());
///
/// Not thread-safe.
class EnvironmentReader {
 public:
  using Source = std::function<std::optional<std::string>(const std::string& name)>;

  struct IntegerRange {
    std::int64_t fallback = 0;
    std::int64_t min = 0;
    std::int64_t max = 0;
  };

  explicit EnvironmentReader(Source source) : source_(std::move(source)) {}

  std::string Text(const std::string& name, std::string_view fallback);
  /// A text that may hold a password: `Effective` says only whether it is set.
  std::string Secret(const std::string& name);
  /// One of `choices`; the first is the fallback.
  std::string Choice(const std::string& name, const std::vector<std::string>& choices);
  std::int64_t Integer(const std::string& name, IntegerRange range);
  /// A number from 0 to 1.
  double Fraction(const std::string& name, double fallback);
  /// true|false, 1|0, yes|no, on|off.
  bool Flag(const std::string& name, bool fallback);
  /// A whole number of milliseconds; by convention `name` ends in `_MS`.
  std::chrono::milliseconds Milliseconds(const std::string& name, IntegerRange range);

  /// Fails with every mistake that was made, one violation a variable.
  Status Finish() const;

  /// The effective settings read so far, `NAME=value`, in the order read.
  const std::vector<std::string>& Effective() const { return effective_; }

 private:
  std::optional<std::string> Read(const std::string& name) const;
  void Mistake(const std::string& name, std::string description);
  void Note(const std::string& name, std::string_view value);

  Source source_;
  std::vector<FieldViolation> mistakes_;
  std::vector<std::string> effective_;
};

/// Reads this process's environment. An empty variable counts as not set.
std::optional<std::string> FromProcess(const std::string& name);

}  // namespace loadline::base
