#include "libs/base/environment.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace loadline::base {
namespace {

constexpr std::string_view kFlagChoices = "true, false, 1, 0, yes, no, on, off";

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<bool> ParseFlag(std::string_view text) {
  const std::string value = Lower(text);
  if (value == "true" || value == "1" || value == "yes" || value == "on") return true;
  if (value == "false" || value == "0" || value == "no" || value == "off") return false;
  return std::nullopt;
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<double> ParseFraction(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !(value >= 0 && value <= 1)) return std::nullopt;
  return value;
}

std::string Shortest(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Found(std::string_view value) { return "found `" + std::string(value) + "`"; }

}  // namespace

std::string EnvironmentReader::Text(const std::string& name, std::string_view fallback) {
  std::string value = Read(name).value_or(std::string(fallback));
  Note(name, value.empty() ? "unset" : value);
  return value;
}

std::string EnvironmentReader::Secret(const std::string& name) {
  const auto value = Read(name);
  Note(name, value ? "set" : "unset");
  return value.value_or("");
}

std::string EnvironmentReader::Choice(const std::string& name, const std::vector<std::string>& choices) {
  const auto given = Read(name);
  std::string value = choices.front();
  for (const auto& choice : choices) {
    if (given == choice) value = choice;
  }
  if (given && *given != value) Mistake(name, "must be one of " + Joined(choices) + "; " + Found(*given));
  Note(name, value);
  return value;
}

std::int64_t EnvironmentReader::Integer(const std::string& name, IntegerRange range) {
  const auto given = Read(name);
  std::int64_t value = range.fallback;
  if (given) {
    const auto parsed = ParseInteger(*given);
    if (parsed && *parsed >= range.min && *parsed <= range.max) {
      value = *parsed;
    } else {
      Mistake(name, "must be a whole number from " + std::to_string(range.min) + " to " + std::to_string(range.max) +
                        "; " + Found(*given));
    }
  }
  Note(name, std::to_string(value));
  return value;
}

double EnvironmentReader::Fraction(const std::string& name, double fallback) {
  const auto given = Read(name);
  const auto value = given ? ParseFraction(*given) : fallback;
  if (!value) Mistake(name, "must be a number from 0 to 1; " + Found(*given));
  Note(name, given.value_or(Shortest(fallback)));
  return value.value_or(fallback);
}

bool EnvironmentReader::Flag(const std::string& name, bool fallback) {
  const auto given = Read(name);
  const auto parsed = given ? ParseFlag(*given) : fallback;
  if (!parsed) Mistake(name, "must be one of " + std::string(kFlagChoices) + "; " + Found(*given));
  const bool value = parsed.value_or(fallback);
  Note(name, value ? "true" : "false");
  return value;
}

std::chrono::milliseconds EnvironmentReader::Milliseconds(const std::string& name, IntegerRange range) {
  return std::chrono::milliseconds(Integer(name, range));
}

Status EnvironmentReader::Finish() const {
  if (mistakes_.empty()) return {};
  return Fail(InvalidArgument(mistakes_));
}

std::optional<std::string> EnvironmentReader::Read(const std::string& name) const {
  auto value = source_(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

void EnvironmentReader::Mistake(const std::string& name, std::string description) {
  mistakes_.push_back({name, std::move(description)});
}

void EnvironmentReader::Note(const std::string& name, std::string_view value) {
  effective_.push_back(name + "=" + std::string(value));
}

std::optional<std::string> FromProcess(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace loadline::base
