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

/// A line of a JSON-lines file that is not JSON.
struct BrokenLine {
  std::size_t line = 0;
  std::string problem;
};

/// A file as far as it can be understood without knowing its format.
struct Document {
  Syntax syntax = Syntax::kOther;
  /// Without byte order mark.
  std::string_view text;
  /// Of the file, as it was given; some tools say in it what they measured.
  std::string path = {};
  Neighbours neighbours = {};
  /// What JSON or YAML holds; for JSON lines the array of what the good lines
  /// hold; null for any other text, such as CSV.
  nlohmann::json content = {};
  /// For JSON lines: the line of each element of `content`, from 1.
  std::vector<std::size_t> lines = {};
  std::vector<BrokenLine> broken_lines = {};
  /// For any other text: why it is not YAML either.
  std::string yaml_problem = {};

  /// The text up to its first line end.
  std::string_view FirstLine() const { return text.substr(0, text.find_first_of("\r\n")); }
  /// Where element `index` of an array stands: `line 7` or `[6]`.
  std::string LocationOf(std::size_t index) const;
};

/// `text` without the byte order mark that it may start with.
std::string_view WithoutByteOrderMark(std::string_view text);

/// Understands `text`, which must outlive the document. What starts with a
/// bracket must be JSON, or JSON lines, in which single lines may be broken;
/// else it fails with `MALFORMED_JSON`. All other text is YAML if it can be, but
/// must be UTF-8 unless it is a dump of PostgreSQL, or it fails with
/// `NOT_A_REPORT`.
base::Result<Document> OpenDocument(std::string_view text);

}  // namespace loadline::cli
