#include "services/benchmark-store/repository/quarantine_json.h"

#include "libs/json/benchmark_json.h"

namespace loadline::store {
namespace {

std::string TextOf(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

nlohmann::json WriteQuarantined(const QuarantinedRow& row) {
  auto document = json::WriteMeasurement(row.measurement);
  document["location"] = row.location;
  document["reasons"] = nlohmann::json::array();
  for (const auto& reason : row.reasons) {
    document["reasons"].push_back({{"reason", reason.reason}, {"field", reason.field}, {"message", reason.message}});
  }
  return document;
}

QuarantinedRow ReadQuarantined(const nlohmann::json& document) {
  domain::Verdict verdict = {.measurement = json::ReadMeasurement(document).measurement, .reasons = {}};
  for (const auto& reason : document.value("reasons", nlohmann::json::array())) {
    if (!reason.is_object()) continue;
    verdict.reasons.push_back({TextOf(reason, "reason"), TextOf(reason, "field"), TextOf(reason, "message")});
  }
  return QuarantinedFrom(std::move(verdict), TextOf(document, "location"));
}

}  // namespace loadline::store
