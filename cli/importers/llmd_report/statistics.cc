#include "cli/importers/llmd_report/statistics.h"

#include <algorithm>
#include <vector>

#include "cli/importers/itl_rule.h"
#include "cli/importers/units.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::TokenLengths;
using Json = nlohmann::json;

void ReadLatency(RowReader& fields, LatencyOf latency, const std::string& metric) {
  if (ValueAt(fields.object(), metric) == nullptr) return;
  const Json* unit = ValueAt(fields.object(), metric + "/units");
  const auto ms = MsPer(fields.Text({metric + "/units"}));
  if (ms) return fields.ReadLatency(latency, metric + "/{}", kUsualNames, *ms);
  fields.Problem(metric + "/units", "not a unit of time", unit == nullptr ? Json() : *unit);
}

/// False, with a problem, where the metric states a unit that is none of
/// `known`.
bool HasUnit(RowReader& fields, const std::string& metric, const std::vector<std::string>& known, const char* wrong) {
  const std::string unit = fields.Text({metric + "/units"});
  if (unit.empty() || std::find(known.begin(), known.end(), unit) != known.end()) return true;
  fields.Problem(metric + "/units", wrong, unit);
  return false;
}

void ReadLengths(RowReader& fields, LengthsOf side, const std::string& lengths) {
  if (!HasUnit(fields, lengths, {"count", "tokens"}, "not a number of tokens")) return;
  fields.Read({side, &TokenLengths::mean}, lengths + "/mean");
  fields.Read({side, &TokenLengths::min}, lengths + "/min");
  fields.Read({side, &TokenLengths::max}, lengths + "/max");
}

}  // namespace

void ReadLlmdLatencies(RowReader& fields, const std::string& base, ItlFrom itl_from, ImportedRow& row) {
  ReadLatency(fields, &Measurement::ttft, base + "/time_to_first_token");
  ReadLatency(fields, &Measurement::tpot, base + "/time_per_output_token");
  ReadLatency(fields, &Measurement::itl, base + "/inter_token_latency");
  ReadLatency(fields, &Measurement::e2e, base + "/request_latency");
  ChooseItl(itl_from, row);
}

void ReadLlmdRate(RowReader& fields, const Field& field, const std::string& metric) {
  const std::vector<std::string> known = {"queries/s", "requests/s", "req/s", "tokens/s", "tok/s"};
  if (HasUnit(fields, metric, known, "not a rate in seconds")) fields.Read(field, metric + "/mean");
}

void ReadLlmdRequests(RowReader& fields, const std::string& base) {
  constexpr std::int64_t kMax = 1'000'000'000'000;
  ReadLengths(fields, &Measurement::input_lengths, base + "/input_length");
  ReadLengths(fields, &Measurement::output_lengths, base + "/output_length");
  const auto total = fields.Count({base + "/total"});
  const auto failures = fields.Count({base + "/failures"});
  const auto incomplete = fields.Count({base + "/incomplete"}).value_or(0);
  fields.measurement().failed_requests = failures;
  const bool fits = total && *total <= kMax && failures.value_or(0) >= 0 && incomplete >= 0 && incomplete <= kMax &&
                    failures.value_or(0) <= *total;
  if (fits && failures.value_or(0) + incomplete <= *total) {
    fields.measurement().completed_requests = *total - failures.value_or(0) - incomplete;
  }
}

}  // namespace loadline::cli
