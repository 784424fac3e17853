#include "libs/json/object_reader.h"

#include <fmt/format.h>

#include <cmath>

namespace loadline::json {

using nlohmann::json;

ObjectReader::ObjectReader(const json& object, std::string path, std::vector<base::FieldViolation>& violations)
    : object_(&object), path_(std::move(path)), violations_(&violations) {
  if (!object_->is_object()) Note(path_, "must be an object");
}

std::string ObjectReader::PathOf(std::string_view name) const { return fmt::format("{}.{}", path_, name); }

std::string ObjectReader::Text(const char* name) {
  const json* value = Find(name);
  if (value != nullptr && value->is_string() && !value->get_ref<const std::string&>().empty()) {
    return value->get<std::string>();
  }
  NoteMember(name, "must be a text that is not empty");
  return {};
}

std::optional<std::string> ObjectReader::OptionalText(const char* name) {
  if (Find(name) == nullptr) return std::nullopt;
  auto text = Text(name);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

double ObjectReader::Number(const char* name) {
  if (Find(name) == nullptr) NoteMember(name, "must be a number");
  return OptionalNumber(name).value_or(0);
}

std::optional<double> ObjectReader::OptionalNumber(const char* name) {
  const json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  NoteMember(name, "must be a number");
  return std::nullopt;
}

std::optional<double> ObjectReader::OptionalPositive(const char* name) {
  const auto number = OptionalNumber(name);
  if (number && !(std::isfinite(*number) && *number > 0)) NoteMember(name, "must be greater than 0");
  return number;
}

ObjectReader ObjectReader::Object(const char* name) {
  static const json kEmpty = json::object();
  const json* value = Find(name);
  return {value == nullptr ? kEmpty : *value, PathOf(name), *violations_};
}

std::vector<std::string> ObjectReader::Texts(const char* name) {
  std::vector<std::string> texts;
  for (const auto& [element, path] : Elements(name)) {
    if (element->is_string()) {
      texts.push_back(element->get<std::string>());
    } else {
      Note(path, "must be a text");
    }
  }
  return texts;
}

std::map<std::string, std::string> ObjectReader::TextMembers(const char* name) {
  std::map<std::string, std::string> texts;
  for (const auto& [member, value] : Members(name)) {
    if (value->is_string()) {
      texts.emplace(member, value->get<std::string>());
    } else {
      Note(PathOf(name) + "." + member, "must be a text");
    }
  }
  return texts;
}

std::map<std::string, double> ObjectReader::Numbers(const char* name) {
  std::map<std::string, double> numbers;
  for (const auto& [member, value] : Members(name)) {
    if (value->is_number()) {
      numbers.emplace(member, value->get<double>());
    } else {
      Note(PathOf(name) + "." + member, "must be a number");
    }
  }
  return numbers;
}

std::vector<ObjectReader> ObjectReader::Objects(const char* name) {
  std::vector<ObjectReader> objects;
  for (const auto& [element, path] : Elements(name)) objects.emplace_back(*element, path, *violations_);
  return objects;
}

void ObjectReader::Note(std::string field, std::string description) {
  violations_->push_back({.field = std::move(field), .description = std::move(description)});
}

void ObjectReader::NoteAll(const base::Error& error) {
  for (const auto& violation : error.violations) violations_->push_back(violation);
}

const json* ObjectReader::Find(const char* name) const {
  if (!object_->is_object()) return nullptr;
  const auto found = object_->find(name);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

void ObjectReader::NoteMember(const char* name, std::string description) {
  // Where the whole is no object, that was said already.
  if (object_->is_object()) Note(PathOf(name), std::move(description));
}

std::vector<std::pair<const json*, std::string>> ObjectReader::Elements(const char* name) {
  std::vector<std::pair<const json*, std::string>> elements;
  const json* array = Find(name);
  if (array == nullptr) return elements;
  if (!array->is_array()) NoteMember(name, "must be an array");
  if (array->is_array()) {
    for (const json& element : *array) {
      elements.emplace_back(&element, fmt::format("{}[{}]", PathOf(name), elements.size()));
    }
  }
  return elements;
}

std::map<std::string, const json*> ObjectReader::Members(const char* name) {
  std::map<std::string, const json*> members;
  const json* object = Find(name);
  if (object == nullptr) return members;
  if (!object->is_object()) {
    NoteMember(name, "must be an object");
    return members;
  }
  for (const auto& [member, value] : object->items()) members.emplace(member, &value);
  return members;
}

}  // namespace loadline::json
