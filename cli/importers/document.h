#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// How the text of a file is written.
enum class Syntax { kJson, kJsonLines, kYaml, kOther };

/// What JSON may take when it is parsed, roughly, and what is left out of it.
struct DocumentLimits {
  std::size_t max_bytes = std::size_t{1} << 30U;
  /// As `json::ParseLimits::skipped`; in JSON lines they are those of a line.
  std::vector<std::string> skipped = {};
};

/// A file as far as it can be understood without knowing its format.
struct Document {
  Syntax syntax = Syntax::kOther;
  /// Without byte order mark.
  std::string_view text;
  /// Of the file, as it was given; some tools say in it what they measured.
  std::string path = {};
  Neighbours neighbours = {};
  DocumentLimits limits = {};
  /// What JSON or YAML holds; for JSON lines an array of the first good ones,
  /// from which the format is told; null for any other text, such as CSV.
  nlohmann::json content = {};
  /// For any other text: why it is not YAML either.
  std::string yaml_problem = {};

  /// The text up to its first line end.
  std::string_view FirstLine() const { return text.substr(0, text.find_first_of("\r\n")); }
};

/// `text` without the byte order mark that it may start with.
std::string_view WithoutByteOrderMark(std::string_view text);

/// Walks through the lines of a text that are not blank.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  /// False at the end.
  bool Next();
  /// The line without the white space around it, and its number from 1.
  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t number_ = 0;
};

/// Understands `text`, which must outlive the document. What starts with a
/// bracket must be JSON, or JSON lines, in which single lines may be broken;
/// else it fails with `MALFORMED_JSON`. All other text is YAML if it can be, but
/// must be UTF-8 unless it is a dump of PostgreSQL, or it fails with
/// `NOT_A_REPORT`. What takes too much fails with `FILE_TOO_LARGE`.
base::Result<Document> OpenDocument(std::string_view text, DocumentLimits limits = {});

}  // namespace loadline::cli
