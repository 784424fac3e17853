#include "cli/importers/field_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// "/metrics/request_latency" as people write it: "metrics.request_latency".
std::string Dotted(const std::string& pointer) {
  std::string path = pointer.substr(1);
  std::replace(path.begin(), path.end(), '/', '.');
  return path;
}

}  // namespace

const Json* ValueAt(const Json& value, const std::string& pointer) {
  const Json::json_pointer path(pointer);
  if (!value.contains(path)) return nullptr;
  const Json& found = value.at(path);
  return found.is_null() ? nullptr : &found;
}

std::string FirstTextAt(const Json& value, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    const Json* found = ValueAt(value, pointer);
    if (found == nullptr) continue;
    if (found->is_number()) return found->dump();
    if (found->is_string() && !found->get_ref<const std::string&>().empty()) return found->get<std::string>();
  }
  return {};
}

domain::Reading FieldReader::Number(const std::string& pointer, double scale) {
  const Json* value = ValueAt(object_, pointer);
  if (value == nullptr) return {};
  const auto number = json::NumberIn(*value);
  if (number && std::isfinite(*number)) return *number * scale;
  Problem(pointer, "not a number", *value);
  return {};
}

std::optional<std::int64_t> FieldReader::Count(const std::string& pointer) {
  const Json* value = ValueAt(object_, pointer);
  if (value == nullptr) return std::nullopt;
  const auto count = json::CountIn(*value);
  if (!count) Problem(pointer, "not a whole number", *value);
  return count;
}

std::optional<std::int64_t> FieldReader::FirstCount(const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    if (ValueAt(object_, pointer) != nullptr) return Count(pointer);
  }
  return std::nullopt;
}

void FieldReader::Problem(const std::string& pointer, const std::string& wrong, const Json& value) {
  problems_.push_back(fmt::format("{}: {}: {}", Dotted(pointer), wrong, json::Quoted(value)));
}

}  // namespace loadline::cli
