#include "cli/importers/document.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cli/importers/failure.h"
#include "cli/importers/utf8.h"
#include "cli/importers/yaml.h"
#include "libs/domain/text.h"
#include "libs/json/parse.h"

namespace loadline::cli {
namespace {

struct Line {
  std::size_t number = 0;
  std::string_view text;
};

/// The lines that are not blank.
std::vector<Line> LinesOf(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = domain::Trim(text.substr(0, end));
    if (!line.empty()) lines.push_back({number, line});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

BrokenLine Broken(const Line& line, const base::Error& error) {
  return {line.number,
          fmt::format("not valid JSON at column {}: {}", error.metadata.at("column"), error.metadata.at("problem"))};
}

/// nullopt where `text` is rather one JSON document with a mistake in it: lines
/// are JSON lines if the first is a whole value, or most are.
std::optional<Document> AsJsonLines(std::string_view text) {
  const std::vector<Line> lines = LinesOf(text);
  if (lines.size() < 2) return std::nullopt;
  Document document{.syntax = Syntax::kJsonLines, .text = text, .content = nlohmann::json::array()};
  for (const Line& line : lines) {
    auto parsed = json::Parse(line.text);
    if (parsed && parsed->is_object()) {
      document.content.push_back(*std::move(parsed));
      document.lines.push_back(line.number);
    } else {
      document.broken_lines.push_back(parsed ? BrokenLine{line.number, "not a JSON object"}
                                             : Broken(line, parsed.error()));
    }
  }
  const bool first_is_whole = !document.lines.empty() && document.lines.front() == lines.front().number;
  const bool most_are_whole = 2 * document.lines.size() > lines.size();
  return first_is_whole || most_are_whole ? std::optional(std::move(document)) : std::nullopt;
}

base::Result<Document> OpenJson(std::string_view text) {
  auto parsed = json::Parse(text);
  if (parsed) return Document{.syntax = Syntax::kJson, .text = text, .content = *std::move(parsed)};
  // Lines of JSON never start with an array, so that one is a broken document.
  if (domain::Trim(text).front() == '{') {
    if (auto lines = AsJsonLines(text)) return *std::move(lines);
  }
  return base::Fail(std::move(parsed).error());
}

base::Status CheckUtf8(std::string_view text) {
  const std::size_t valid = ValidUtf8Prefix(text);
  if (valid == text.size()) return {};
  const auto byte = std::to_string(valid);
  return base::Fail(ReportFailure("NOT_A_REPORT",
                                  fmt::format("not a text in UTF-8: byte {} breaks it. Is this a binary file?", byte),
                                  {{"byte", byte}}));
}

/// A header of columns and a comment of SQL are no YAML, which need not be
/// tried then.
bool IsTabularOrSql(std::string_view line) {
  const bool has_columns = line.find_first_of(",|\t") != line.npos && line.find(':') == line.npos;
  return has_columns || line == "--" || line.starts_with("-- ") || line.starts_with("COPY ") ||
         line.starts_with("INSERT INTO ");
}

Document OpenYaml(std::string_view text) {
  Document document{.syntax = Syntax::kOther, .text = text};
  if (IsTabularOrSql(document.FirstLine())) return document;
  auto parsed = ParseYaml(text);
  if (!parsed) document.yaml_problem = parsed.error().message;
  if (parsed && parsed->is_structured()) {
    document.syntax = Syntax::kYaml;
    document.content = *std::move(parsed);
  }
  return document;
}

}  // namespace

std::string Document::LocationOf(std::size_t index) const {
  return syntax == Syntax::kJsonLines ? fmt::format("line {}", lines[index]) : fmt::format("[{}]", index);
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

base::Result<Document> OpenDocument(std::string_view text) {
  text = WithoutByteOrderMark(text);
  const std::string_view trimmed = domain::Trim(text);
  if (!trimmed.empty() && (trimmed.front() == '{' || trimmed.front() == '[')) return OpenJson(text);
  // A dump in PostgreSQL's own format is binary, and there is advice for it.
  if (text.starts_with("PGDMP")) return Document{.syntax = Syntax::kOther, .text = text};
  LOADLINE_RETURN_IF_ERROR(CheckUtf8(text));
  return OpenYaml(text);
}

}  // namespace loadline::cli
