#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/error.h"

namespace loadline::json {

/// Reads the members of one object of a document, noting everything that is
/// wrong with its path, so that a file is mended in one go.
class ObjectReader {
 public:
  ObjectReader(const nlohmann::json& object, std::string path, std::vector<base::FieldViolation>& violations);

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const;

  /// A text that is there and not empty.
  std::string Text(const char* name);
  /// The same; nullopt where it is absent, which is no violation, or empty.
  std::optional<std::string> OptionalText(const char* name);
  /// A number that is there; else 0.
  double Number(const char* name);
  /// nullopt where it is absent, which is no violation.
  std::optional<double> OptionalNumber(const char* name);
  /// The same, and greater than 0.
  std::optional<double> OptionalPositive(const char* name);
  /// The object `name`; an empty one where it is absent.
  ObjectReader Object(const char* name);
  /// The elements of the array `name`, which may be absent, as texts.
  std::vector<std::string> Texts(const char* name);
  /// The members of the object `name`, which may be absent, as texts.
  std::map<std::string, std::string> TextMembers(const char* name);
  /// The same as numbers.
  std::map<std::string, double> Numbers(const char* name);
  /// The elements of the array `name`, which may be absent, as objects.
  std::vector<ObjectReader> Objects(const char* name);

  void Note(std::string field, std::string description);
  /// How much was noted of the whole document so far.
  std::size_t noted() const { return violations_->size(); }
  /// Takes over the violations of an error from elsewhere.
  void NoteAll(const base::Error& error);

 private:
  const nlohmann::json* Find(const char* name) const;
  void NoteMember(const char* name, std::string description);
  /// The elements of the array `name` with their paths.
  std::vector<std::pair<const nlohmann::json*, std::string>> Elements(const char* name);
  /// The members of the object `name`.
  std::map<std::string, const nlohmann::json*> Members(const char* name);

  const nlohmann::json* object_;
  std::string path_;
  std::vector<base::FieldViolation>* violations_;
};

}  // namespace loadline::json
