#include "services/benchmark-store/app/canonical_names.h"

namespace loadline::store {
namespace {

domain::QuarantineReason ReasonOf(const std::string& problem) {
  const auto colon = problem.find(": ");
  const bool names_field = colon != std::string::npos;
  return {.reason = "UNREADABLE_VALUE",
          .field = names_field ? problem.substr(0, colon) : "",
          .message = names_field ? problem.substr(colon + 2) : problem};
}

/// What could not be read is not missing, and a row that could not be read at
/// all lacks everything.
void ForgetMissing(std::vector<domain::QuarantineReason>& reasons) {
  std::erase_if(reasons, [](const auto& reason) { return reason.reason == "MISSING_FIELD"; });
}

}  // namespace

domain::Verdict JudgeRow(domain::Measurement measurement, const std::vector<std::string>& problems,
                         const Catalog& catalog) {
  auto& hardware = measurement.configuration.hardware;
  hardware = domain::CanonicalHardware(hardware, catalog.hardware);
  auto verdict = domain::Judge(std::move(measurement));
  if (!problems.empty()) ForgetMissing(verdict.reasons);
  for (const auto& problem : problems) verdict.reasons.push_back(ReasonOf(problem));
  return verdict;
}

base::Result<domain::BenchmarkFilter> WithCanonicalHardware(domain::BenchmarkFilter filter,
                                                            const CatalogRepository& catalog, const CallScope& scope) {
  if (filter.hardware.empty()) return filter;
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, catalog.Read(scope));
  filter.hardware = domain::CanonicalHardware(filter.hardware, snapshot.catalog->hardware);
  return filter;
}

}  // namespace loadline::store
