#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// Larger reports are refused, whatever reads them.
inline constexpr std::size_t kMaxReportBytes = std::size_t{4} << 30U;

/// A report with more rows is refused: it should be split, since a store takes
/// only so many in one import.
inline constexpr std::size_t kMaxRows = 250'000;

/// The bytes of a file, wherever they are kept. Copies share them.
class FileText {
 public:
  FileText() = default;
  FileText(std::string text)  // NOLINT: a text is one
      : FileText(std::make_shared<const std::string>(std::move(text))) {}
  /// `owner` keeps what `view` shows.
  FileText(std::shared_ptr<const void> owner, std::string_view view) : owner_(std::move(owner)), view_(view) {}

  std::string_view view() const { return view_; }

 private:
  explicit FileText(const std::shared_ptr<const std::string>& text) : FileText(text, *text) {}

  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

/// What lies beside a report. Some tools write the model into another file.
struct Neighbours {
  /// The files of the folder, by name, without the report itself; sorted. Looks
  /// into the folder each time.
  std::function<std::vector<std::string>()> names = [] { return std::vector<std::string>(); };
  /// The text of one of them; nullopt where it cannot be read or is too large.
  std::function<std::optional<std::string>(const std::string& name)> read = {};
};

/// A file as it was read.
struct ReportFile {
  std::string path;
  FileText text;
  Neighbours neighbours = {};
  /// True if others wrote to the file since it was opened, so that nothing read
  /// from `text` can be trusted; empty where that cannot be.
  std::function<bool()> changed = {};
};

/// What a report may lack and a person supplies. What is empty is not set.
struct ImportOverrides {
  std::string model = {};
  std::string hardware = {};
  std::optional<int> hardware_count = {};
  std::string framework = {};
  std::string framework_version = {};
  std::string precision = {};
  /// The lengths that were asked for.
  std::optional<double> prompt_tokens = {};
  std::optional<double> output_tokens = {};

  friend bool operator==(const ImportOverrides&, const ImportOverrides&) = default;
};

/// Which of two numbers becomes the inter-token latency where a report has raw
/// gaps and the time per output token of each request. With chunked streaming
/// or speculative decoding a gap is one of several tokens.
enum class ItlFrom {
  /// TPOT where the gaps are evidently those of chunks, else the gaps.
  kAuto,
  kTpot,
  kGaps
};

struct ImportOptions {
  /// Win over the report.
  ImportOverrides overrides = {};
  /// Fill in what the report does not say.
  ImportOverrides fallbacks = {};
  ItlFrom itl_from = ItlFrom::kAuto;
  /// Keeps `ImportedRow::sources`.
  bool explain = false;
};

/// Where a number of a row comes from.
struct NumberSource {
  /// As in exported summaries, such as `ttft_p95`.
  std::string field;
  /// Such as "metrics.request_latency.successful.mean x 1000", or how it was
  /// derived from others.
  std::string from;

  friend bool operator==(const NumberSource&, const NumberSource&) = default;
};

/// One row of a report.
struct ImportedRow {
  domain::Measurement measurement = {};
  /// Where it stands in the file, such as `benchmarks[3]` or `line 12`.
  std::string location = {};
  /// What could not be read. Rows with problems go to quarantine.
  std::vector<std::string> problems = {};
  /// What a person should know of a row that is fine nevertheless.
  std::vector<std::string> warnings = {};
  std::vector<NumberSource> sources = {};
};

/// What a file holds.
struct ImportedReport {
  /// Such as "guidellm/v2".
  std::string format;
  std::vector<ImportedRow> rows = {};
};

struct Document;

/// One report format. Stateless.
class Importer {
 public:
  virtual ~Importer() = default;
  /// How the format is called where known formats are listed.
  virtual std::string_view name() const = 0;
  /// JSON pointers of what the format keeps of single requests and nobody needs
  /// here, such as "/benchmarks/*/requests": it may be most of a file.
  virtual std::vector<std::string> SkippedParts() const { return {}; }
  /// True if this looks like the importer's format. Cheap, never fails.
  virtual bool Recognises(const Document& document) const = 0;
  /// Reads all rows of a document that it recognises. A row that cannot be
  /// understood comes with its problems. Fails with `kInvalidArgument`
  /// (`NOT_A_REPORT`, `ALL_REQUESTS_FAILED`, `NOT_NEEDED`) if the file as a
  /// whole is of no use, saying what to do. Settings and provenance are not its
  /// business, but for what the report itself says of them.
  virtual base::Result<ImportedReport> Read(const Document& document, const ImportOptions& options) const = 0;
};

/// Recognises `file`, reads it and applies the settings of `options`.
/// Provenance (format, SHA-256, path, and the source where the report names
/// none) is set on every row. A row that lacks a setting that others have comes
/// with that as a problem. Fails with `kInvalidArgument`: `MALFORMED_JSON`
/// (line and column), `FILE_TOO_LARGE`, `NOT_A_REPORT` (with the formats that
/// are known, or what to do with this one), `NOT_NEEDED` (a file that other
/// files of its run make superfluous), `ALL_REQUESTS_FAILED`,
/// `MISSING_SETTING` (one violation for each flag that the report needs, such
/// as `--hardware`). Messages do not repeat the path.
base::Result<ImportedReport> ReadReport(const ReportFile& file, const ImportOptions& options);

}  // namespace loadline::cli
