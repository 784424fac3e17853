#include "cli/importers/exported_summaries/sql_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/exported_summaries/sql_text.h"
#include "cli/importers/exported_summaries/summary_row.h"
#include "cli/importers/failure.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

constexpr std::string_view kTable = "exported_summaries";
constexpr std::string_view kValues = "VALUES";
constexpr std::string_view kVerbs[] = {"COPY ", "INSERT INTO ", "CREATE TABLE "};
/// How a dump starts that does not start with one of these.
constexpr std::string_view kPreludes[] = {"--", "/*", "\\", "SET ", "BEGIN", "START TRANSACTION", "CREATE ", "SELECT "};

bool IsCustomFormat(std::string_view text) { return text.starts_with("PGDMP"); }

/// Looks at the start only: a dump starts with a comment or a statement.
bool IsSqlDump(std::string_view text) {
  constexpr std::size_t kStart = 65536;
  const std::string_view start = text.substr(0, kStart);
  const auto starts = [&](std::string_view words) { return domain::Trim(start).starts_with(words); };
  if (std::any_of(std::begin(kVerbs), std::end(kVerbs), starts)) return true;
  const auto holds = [&](std::string_view verb) { return start.find(verb) != start.npos; };
  return std::any_of(std::begin(kPreludes), std::end(kPreludes), starts) &&
         std::any_of(std::begin(kVerbs), std::end(kVerbs), holds);
}

/// What stands behind the name of our table in a statement that begins with
/// `verb`; nullopt where it is another statement.
std::optional<std::string_view> BehindTable(std::string_view statement, std::string_view verb) {
  if (!statement.starts_with(verb)) return std::nullopt;
  statement.remove_prefix(verb.size());
  const std::size_t end = std::min(statement.find_first_of(" (\n\r\t"), statement.size());
  std::string name(statement.substr(0, end));
  std::erase(name, '"');
  if (name != kTable && !name.ends_with("." + std::string(kTable))) return std::nullopt;
  return domain::Trim(statement.substr(end));
}

class DumpReader {
 public:
  explicit DumpReader(std::string_view text) : scanner_(text) {}

  ImportedReport Read() {
    for (std::string_view statement = scanner_.NextStatement(); !statement.empty();
         statement = scanner_.NextStatement()) {
      ReadStatement(statement);
    }
    return std::move(report_);
  }

  bool found_table() const { return found_table_; }
  /// Rows of a COPY have no end.
  bool is_cut_off() const { return scanner_.is_cut_off(); }

 private:
  void ReadStatement(std::string_view statement) {
    if (const auto columns = BehindTable(statement, "CREATE TABLE ")) columns_ = ParseNames(*columns);
    if (const auto rest = BehindTable(statement, "INSERT INTO ")) ReadInsert(*rest);
    if (statement.starts_with("COPY ") && statement.find(" FROM stdin") != statement.npos) ReadCopy(statement);
  }

  /// The data of other tables are passed over.
  void ReadCopy(std::string_view statement) {
    const auto columns = BehindTable(statement, "COPY ");
    if (columns) {
      found_table_ = true;
      report_.format = "exported_summaries/copy";
      if (columns->starts_with('(')) columns_ = ParseNames(*columns);
    }
    while (const auto line = scanner_.NextCopyLine()) {
      if (columns) AddRow(ParseCopyLine(*line));
    }
  }

  void ReadInsert(std::string_view rest) {
    found_table_ = true;
    report_.format = "exported_summaries/inserts";
    if (rest.starts_with('(')) columns_ = ParseNames(rest);
    const std::size_t values = rest.find(kValues);
    if (values == std::string_view::npos) return;
    ParseValues(rest.substr(values + kValues.size()), [&](SqlValues row) { return AddRow(std::move(row)); });
  }

  /// False where there are too many already.
  bool AddRow(SqlValues values) {
    if (report_.rows.size() > kMaxRows) return false;
    report_.rows.push_back(ReadSummaryCells(columns_, std::move(values)));
    report_.rows.back().location = fmt::format("line {}", scanner_.line());
    return true;
  }

  SqlScanner scanner_;
  std::vector<std::string> columns_;
  bool found_table_ = false;
  ImportedReport report_{.format = "exported_summaries/copy"};
};

base::Error NotAReport(std::string message) { return ReportFailure("NOT_A_REPORT", std::move(message)); }

}  // namespace

bool SqlDumpImporter::Recognises(const Document& document) const {
  return document.syntax == Syntax::kOther && (IsCustomFormat(document.text) || IsSqlDump(document.text));
}

base::Result<ImportedReport> SqlDumpImporter::Read(const Document& document, const ImportOptions& /*options*/) const {
  if (IsCustomFormat(document.text)) {
    return base::Fail(
        NotAReport("a PostgreSQL dump in the custom format, which only PostgreSQL reads. Import the SQL that "
                   "`pg_restore -f out.sql FILE` makes of it."));
  }
  DumpReader reader(document.text);
  ImportedReport report = reader.Read();
  if (!reader.found_table()) {
    return base::Fail(NotAReport("a PostgreSQL dump without rows of the table exported_summaries. Dump that table."));
  }
  if (reader.is_cut_off()) {
    return base::Fail(
        NotAReport("a PostgreSQL dump whose end is missing: rows of COPY end with a line \"\\.\". Dump the "
                   "table again."));
  }
  return report;
}

}  // namespace loadline::cli
