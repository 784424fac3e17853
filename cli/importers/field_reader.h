#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/reading.h"

namespace loadline::cli {

/// The value at a JSON pointer such as "/args/data/0"; nullptr where it is
/// absent or null.
const nlohmann::json* ValueAt(const nlohmann::json& value, const std::string& pointer);

/// The text at the first of `pointers` that has one that is not empty; else "".
/// A number counts as its text.
std::string FirstTextAt(const nlohmann::json& value, const std::vector<std::string>& pointers);

/// Reads numbers of one object, noting those that are none. Absent and null
/// are absent; texts that are numbers are fine; a unit is brought to ours by
/// `scale`.
class FieldReader {
 public:
  /// `object` and `problems` must outlive the reader.
  FieldReader(const nlohmann::json& object, std::vector<std::string>& problems)
      : object_(object), problems_(problems) {}

  domain::Reading Number(const std::string& pointer, double scale = 1);
  std::optional<std::int64_t> Count(const std::string& pointer);
  /// The first of `pointers` where there is something.
  std::optional<std::int64_t> FirstCount(const std::vector<std::string>& pointers);

  const nlohmann::json& object() const { return object_; }
  void Problem(const std::string& pointer, const std::string& wrong, const nlohmann::json& value);

 private:
  const nlohmann::json& object_;
  std::vector<std::string>& problems_;
};

}  // namespace loadline::cli
