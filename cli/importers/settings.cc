#include "cli/importers/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

using domain::Configuration;

/// A setting that every row needs.
struct Setting {
  const char* flag;
  const char* what;
  bool (*present)(const Configuration&);
};

constexpr std::array kSettings = {
    Setting{"--model", "the model", [](const Configuration& c) { return !c.model.empty(); }},
    Setting{"--hardware", "the GPU type", [](const Configuration& c) { return !c.hardware.empty(); }},
    Setting{"--hardware-count", "the number of GPUs", [](const Configuration& c) { return c.hardware_count != 0; }},
    Setting{"--framework", "the framework", [](const Configuration& c) { return !c.framework.empty(); }}};

constexpr std::string ImportOverrides::*kTexts[] = {
    &ImportOverrides::model,     &ImportOverrides::hardware,          &ImportOverrides::precision,
    &ImportOverrides::framework, &ImportOverrides::framework_version,
};
constexpr std::string Configuration::*kTargets[] = {
    &Configuration::model,     &Configuration::hardware,          &Configuration::precision,
    &Configuration::framework, &Configuration::framework_version,
};

/// What a tool writes for what it does not know.
bool IsUnknown(const std::string& value) { return value.empty() || domain::EqualsIgnoringCase(value, "unknown"); }

void ApplyTexts(const ImportOptions& options, Configuration& configuration) {
  for (std::size_t i = 0; i < std::size(kTexts); ++i) {
    std::string& value = configuration.*kTargets[i];
    if (IsUnknown(value)) value = options.fallbacks.*kTexts[i];
    if (const std::string& given = options.overrides.*kTexts[i]; !given.empty()) value = given;
  }
  configuration.framework_version = NormalVersion(configuration.framework_version);
}

void ApplyCount(const ImportOptions& options, Configuration& configuration) {
  int& count = configuration.hardware_count;
  if (count == 0) count = options.fallbacks.hardware_count.value_or(0);
  count = options.overrides.hardware_count.value_or(count);
}

void ApplyLength(std::optional<double> given, std::optional<double> fallback, domain::Reading& nominal) {
  if (!nominal) nominal = fallback;
  if (given) nominal = *given;
}

void Apply(const ImportOptions& options, domain::Measurement& measurement) {
  const auto& [given, fallback] = std::tie(options.overrides, options.fallbacks);
  ApplyTexts(options, measurement.configuration);
  ApplyCount(options, measurement.configuration);
  ApplyLength(given.prompt_tokens, fallback.prompt_tokens, measurement.input_lengths.nominal);
  ApplyLength(given.output_tokens, fallback.output_tokens, measurement.output_lengths.nominal);
}

bool Has(const ImportedRow& row, const Setting& setting) { return setting.present(row.measurement.configuration); }

base::Error MissingSettings(std::vector<base::FieldViolation> violations) {
  base::Error error = base::InvalidArgument(std::move(violations));
  error.reason = "MISSING_SETTING";
  return error;
}

bool AnyHas(const ImportedReport& report, const Setting& setting) {
  return std::any_of(report.rows.begin(), report.rows.end(), [&](const auto& row) { return Has(row, setting); });
}

void NoteMissing(ImportedRow& row) {
  // A row that could not be read has problems enough.
  if (!row.problems.empty()) return;
  for (const Setting& setting : kSettings) {
    if (Has(row, setting)) continue;
    row.problems.push_back(
        fmt::format("{} is missing; other rows have it. {} sets it for all.", setting.what, setting.flag));
  }
}

}  // namespace

std::string NormalVersion(const std::string& version) {
  const bool tagged =
      version.size() > 1 && (version[0] == 'v' || version[0] == 'V') && version[1] >= '0' && version[1] <= '9';
  return tagged ? version.substr(1) : version;
}

base::Status ApplySettings(const ImportOptions& options, ImportedReport& report) {
  for (ImportedRow& row : report.rows) Apply(options, row.measurement);
  // Settings would not help a report without any usable row, and asking for them
  // would hide why it is of no use.
  const bool all_broken =
      std::all_of(report.rows.begin(), report.rows.end(), [](const auto& row) { return !row.problems.empty(); });
  if (all_broken) return {};
  std::vector<base::FieldViolation> missing;
  for (const Setting& setting : kSettings) {
    if (AnyHas(report, setting)) continue;
    missing.push_back({setting.flag, fmt::format("the report does not name {}; give it", setting.what)});
  }
  if (!missing.empty()) return base::Fail(MissingSettings(std::move(missing)));
  for (ImportedRow& row : report.rows) NoteMissing(row);
  return {};
}

}  // namespace loadline::cli
