#include "cli/importers/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/importers/failure.h"
#include "cli/importers/utf8.h"
#include "cli/importers/yaml.h"
#include "libs/domain/text.h"
#include "libs/json/parse.h"

namespace loadline::cli {
namespace {

/// Enough lines to tell a format by, and whether most are whole.
constexpr std::size_t kLinesToLookAt = 20;

json::ParseLimits ParseLimitsOf(const DocumentLimits& limits) {
  return {.max_bytes = limits.max_bytes, .skipped = limits.skipped};
}

/// nullopt where `text` is rather one JSON document with a mistake in it: lines
/// are JSON lines if the first is a whole value, or most of the first are.
std::optional<Document> AsJsonLines(std::string_view text, const DocumentLimits& limits) {
  Document document{.syntax = Syntax::kJsonLines, .text = text, .content = nlohmann::json::array()};
  std::size_t looked_at = 0;
  bool first_is_whole = false;
  for (LineReader reader(text); looked_at < kLinesToLookAt && reader.Next(); ++looked_at) {
    auto parsed = json::Parse(reader.line(), ParseLimitsOf(limits));
    if (!parsed || !parsed->is_object()) continue;
    first_is_whole = first_is_whole || looked_at == 0;
    document.content.push_back(*std::move(parsed));
  }
  const bool most_are_whole = 2 * document.content.size() > looked_at;
  if (looked_at < 2 || !(first_is_whole || most_are_whole)) return std::nullopt;
  return document;
}

base::Error TooLarge(const DocumentLimits& limits) {
  const auto limit = std::to_string(limits.max_bytes >> 20U);
  return ReportFailure("FILE_TOO_LARGE",
                       fmt::format("takes more than {} MiB when it is read. Leave out the single requests when saving, "
                                   "or save one run a line.",
                                   limit),
                       {{"limit_mib", limit}});
}

/// The quote that ends the text whose inside starts at `at`.
std::size_t EndOfText(std::string_view json, std::size_t at) {
  while (true) {
    const std::size_t quote = json.find('"', at);
    if (quote == json.npos) return json.size();
    std::size_t backslashes = 0;
    while (backslashes < quote && json[quote - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return quote;
    at = quote + 1;
  }
}

/// Whether a text in `json` is longer than any may be: the parser would hold
/// all of it before it could be refused. One without an end counts too.
bool HasHugeText(std::string_view json) {
  constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20U;
  if (json.size() <= kMaxTextBytes) return false;
  for (std::size_t open = json.find('"'); open != json.npos;) {
    const std::size_t close = EndOfText(json, open + 1);
    if (close - open > kMaxTextBytes) return true;
    open = json.find('"', std::min(close + 1, json.size()));
  }
  return false;
}

base::Result<Document> OpenJson(std::string_view text, const DocumentLimits& limits) {
  if (HasHugeText(text)) return base::Fail(TooLarge(limits));
  auto parsed = json::Parse(text, ParseLimitsOf(limits));
  if (parsed) return Document{.syntax = Syntax::kJson, .text = text, .content = *std::move(parsed)};
  if (parsed.error().reason == "DOCUMENT_TOO_LARGE") return base::Fail(TooLarge(limits));
  // Lines of JSON never start with an array, so that one is a broken document.
  if (domain::Trim(text).front() == '{') {
    if (auto lines = AsJsonLines(text, limits)) return *std::move(lines);
  }
  return base::Fail(std::move(parsed).error());
}

base::Status CheckUtf8(std::string_view text) {
  const std::size_t valid = ValidUtf8Prefix(text);
  if (valid == text.size()) return {};
  const auto byte = std::to_string(valid);
  return base::Fail(ReportFailure("NOT_A_REPORT",
                                  fmt::format("not a text in UTF-8: byte {} breaks it. Is this a binary file? Import "
                                              "the report that the tool saved as text.",
                                              byte),
                                  {{"byte", byte}}));
}

bool IsTableHeader(std::string_view line) {
  return line.find_first_of(",|\t") != line.npos && line.find(':') == line.npos && line.find('(') == line.npos;
}

/// The most rows of a report are smaller than this.
base::Status CheckTableSize(std::string_view text) {
  constexpr std::size_t kMaxTableBytes = std::size_t{256} << 20U;
  if (text.size() <= kMaxTableBytes) return {};
  const auto limit = std::to_string(kMaxTableBytes >> 20U);
  return base::Fail(ReportFailure(
      "FILE_TOO_LARGE", fmt::format("a table larger than {} MiB. Split it, with the header in each part.", limit),
      {{"limit_mib", limit}}));
}

/// A header of columns and a comment of SQL are no YAML, which need not be
/// tried then.
bool IsTabularOrSql(std::string_view line) {
  return IsTableHeader(line) || line == "--" || line.starts_with("-- ") || line.starts_with("COPY ") ||
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

bool LineReader::Next() {
  while (!text_.empty()) {
    const std::size_t end = text_.find('\n');
    line_ = domain::Trim(text_.substr(0, end));
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    ++number_;
    if (!line_.empty()) return true;
  }
  return false;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

base::Result<Document> OpenDocument(std::string_view text, DocumentLimits limits) {
  text = WithoutByteOrderMark(text);
  // A dump in PostgreSQL's own format is binary, and there is advice for it.
  if (text.starts_with("PGDMP")) return Document{.syntax = Syntax::kOther, .text = text};
  LineReader reader(text);
  const char first = reader.Next() ? reader.line().front() : ' ';
  if (first == '{' || first == '[') {
    LOADLINE_ASSIGN_OR_RETURN(Document document, OpenJson(text, limits));
    document.limits = std::move(limits);
    return document;
  }
  if (IsTableHeader(reader.line())) LOADLINE_RETURN_IF_ERROR(CheckTableSize(text));
  LOADLINE_RETURN_IF_ERROR(CheckUtf8(text));
  return OpenYaml(text);
}

}  // namespace loadline::cli
