#include "cli/importers/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

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

void Override(std::string& value, const std::string& by) {
  if (!by.empty()) value = by;
}

void Apply(const ImportOverrides& overrides, Configuration& configuration) {
  Override(configuration.model, overrides.model);
  Override(configuration.hardware, overrides.hardware);
  Override(configuration.framework, overrides.framework);
  Override(configuration.framework_version, overrides.framework_version);
  Override(configuration.precision, overrides.precision);
  if (overrides.hardware_count) configuration.hardware_count = *overrides.hardware_count;
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

base::Status ApplySettings(const ImportOverrides& overrides, ImportedReport& report) {
  for (ImportedRow& row : report.rows) Apply(overrides, row.measurement.configuration);
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
