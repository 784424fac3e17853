#include "cli/commands/failure.h"

#include <algorithm>

#include "cli/output/text.h"

namespace loadline::cli {
namespace {

// "a.b[3].c" is "a.b.c".
std::string WithoutIndices(std::string_view field) {
  std::string path;
  int depth = 0;
  for (const char c : field) {
    if (c == '[') ++depth;
    if (depth == 0) path += c;
    if (c == ']' && depth > 0) --depth;
  }
  return path;
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
  std::string path = WithoutIndices(field);
  // The longest known start of the path: `hardware.prices.provider` is set by
  // what sets `hardware.prices`.
  while (true) {
    if (const auto found = names.find(path); found != names.end()) return found->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return std::string(field);
    path.resize(dot);
  }
}

ExitStatus StatusOf(const base::Error& failure) {
  switch (failure.code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kFailedPrecondition: return ExitStatus::kBadInput;
    default: return ExitStatus::kUnreachable;
  }
}

ExitStatus Report(const base::Error& failure, const ArgumentNames& names, std::ostream& error,
                  std::string_view subject) {
  for (const auto& violation : failure.violations) {
    const std::string argument = ArgumentFor(violation.field, names);
    PrintLine(subject, argument.empty() ? violation.description : argument + ": " + violation.description, error);
  }
  if (failure.violations.empty()) PrintLine(subject, failure.message, error);
  return StatusOf(failure);
}

}  // namespace loadline::cli
