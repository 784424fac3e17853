#include "cli/commands/failure.h"

#include <algorithm>

#include "cli/output/text.h"

namespace loadline::cli {
namespace {

// A field's path without what stands in brackets, and the key of a map if
// that is what stands there: "max_gpus[H100]" is "max_gpus" and "H100".
struct FieldPath {
  std::string path;
  std::string key;
};

bool IsIndex(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

std::string_view Unquoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

FieldPath Dissect(std::string_view field) {
  FieldPath result;
  while (!field.empty()) {
    const auto open = std::min(field.find('['), field.size());
    result.path += field.substr(0, open);
    field.remove_prefix(open);
    const auto close = field.find(']');
    if (close == std::string_view::npos) break;
    if (const auto inside = field.substr(1, close - 1); !IsIndex(inside)) result.key = Unquoted(inside);
    field.remove_prefix(close + 1);
  }
  return result;
}

// `text` with the arguments in place of the fields that it names. Only words
// with an underscore are taken for names: others are English.
std::string WithArguments(std::string_view text, const ArgumentNames& names) {
  static constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_.";
  std::string result;
  while (!text.empty()) {
    const auto length = std::min(text.find_first_not_of(kNameCharacters), text.size());
    const auto word = text.substr(0, length);
    const auto known = word.find('_') == std::string_view::npos ? names.end() : names.find(word);
    result += known == names.end() ? word : known->second;
    text.remove_prefix(length);
    const auto gap = std::min(text.find_first_of(kNameCharacters), text.size());
    result += text.substr(0, gap);
    text.remove_prefix(gap);
  }
  return result;
}

// Where the right names can be found, for a name that is not known.
std::string_view Hint(const base::Error& failure) {
  if (failure.reason == "UNKNOWN_MODEL") return " See `loadline list models`.";
  if (failure.reason == "UNKNOWN_HARDWARE") return " See `loadline list hardware`.";
  if (failure.reason == "UNKNOWN_USE_CASE") return " See `loadline list use-cases`.";
  if (failure.reason == "NO_BENCHMARK_MATCHES") return " See `loadline list configurations`.";
  if (failure.reason == "BENCHMARK_NOT_FOUND") return " See `loadline list benchmarks`.";
  return "";
}

void PrintLine(std::string_view subject, std::string_view text, std::ostream& error) {
  std::string line = Printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  error << "error: ";
  if (!subject.empty()) error << Printable(subject) << ": ";
  error << line << '\n';
}

}  // namespace

std::string ArgumentFor(std::string_view field, const ArgumentNames& names) {
  auto [path, key] = Dissect(field);
  // The longest known start of the path: `hardware.prices.provider` is set by
  // what sets `hardware.prices`.
  while (true) {
    const auto found = names.find(path);
    if (found != names.end()) return key.empty() ? found->second : found->second + " " + key;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return std::string(field);
    path.resize(dot);
  }
}

ExitStatus StatusOf(const base::Error& failure) {
  // The one shortage that waiting does not help.
  if (failure.reason == "IMPORT_TOO_LARGE") return ExitStatus::kBadInput;
  switch (failure.code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kPermissionDenied:
    case base::ErrorCode::kFailedPrecondition: return ExitStatus::kBadInput;
    default: return ExitStatus::kUnreachable;
  }
}

ExitStatus Report(const base::Error& failure, const ArgumentNames& names, std::ostream& error,
                  std::string_view subject) {
  for (const auto& violation : failure.violations) {
    const std::string argument = ArgumentFor(violation.field, names);
    std::string text = argument.empty() ? "" : argument + ": ";
    text += WithArguments(violation.description, names);
    PrintLine(subject, text, error);
  }
  if (failure.violations.empty()) PrintLine(subject, failure.message + std::string(Hint(failure)), error);
  if (const auto trace = failure.metadata.find("trace_id");
      failure.code == base::ErrorCode::kInternal && trace != failure.metadata.end()) {
    PrintLine(subject, "The service's log says more, at trace_id " + trace->second + ".", error);
  }
  return StatusOf(failure);
}

}  // namespace loadline::cli
