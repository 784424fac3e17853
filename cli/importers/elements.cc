#include "cli/importers/elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "libs/json/parse.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// Enough to see what a file holds though its first rows may be broken.
constexpr std::size_t kElementsToLookAt = 100;

ImportedRow ReadElement(const Json& element, std::string location, const ElementTest& is, const ElementReader& read,
                        std::string_view what) {
  ImportedRow row;
  if (element.is_object() && is(element)) {
    row = read(element);
  } else {
    row.problems.push_back(fmt::format("not {}", what));
  }
  row.location = std::move(location);
  return row;
}

std::string ProblemOf(const base::Error& error) {
  const auto& about = error.metadata;
  if (error.reason != "MALFORMED_JSON") return error.message;
  return fmt::format("not valid JSON at column {}: {}", about.at("column"), about.at("problem"));
}

/// One row of each line, one after the other, so that only one is in memory.
std::vector<ImportedRow> ReadLines(const Document& document, const ElementTest& is, const ElementReader& read,
                                   std::string_view what) {
  const json::ParseLimits limits = {.max_bytes = document.limits.max_bytes, .skipped = document.limits.skipped};
  std::vector<ImportedRow> rows;
  for (LineReader reader(document.text); rows.size() <= kMaxRows && reader.Next();) {
    const std::string location = fmt::format("line {}", reader.number());
    const auto parsed = json::Parse(reader.line(), limits);
    rows.push_back(parsed ? ReadElement(*parsed, location, is, read, what)
                          : ImportedRow{.location = location, .problems = {ProblemOf(parsed.error())}});
  }
  return rows;
}

}  // namespace

bool AnyElement(const Document& document, const ElementTest& is) {
  const Json& content = document.content;
  if (content.is_object()) return is(content);
  if (!content.is_array()) return false;
  const auto end = content.begin() + static_cast<std::ptrdiff_t>(std::min(content.size(), kElementsToLookAt));
  return std::any_of(content.begin(), end, [&](const Json& element) { return element.is_object() && is(element); });
}

std::vector<ImportedRow> ReadElements(const Document& document, const ElementTest& is, const ElementReader& read,
                                      std::string_view what) {
  if (document.syntax == Syntax::kJsonLines) return ReadLines(document, is, read, what);
  std::vector<ImportedRow> rows;
  const Json& content = document.content;
  if (content.is_object()) rows.push_back(ReadElement(content, "the result", is, read, what));
  if (content.is_array()) {
    for (std::size_t i = 0; i < content.size(); ++i) {
      rows.push_back(ReadElement(content[i], fmt::format("[{}]", i), is, read, what));
    }
  }
  return rows;
}

}  // namespace loadline::cli
