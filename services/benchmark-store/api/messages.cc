#include "services/benchmark-store/api/messages.h"

#include <fmt/format.h>

#include <cmath>

#include "libs/wire/benchmark_wire.h"

namespace loadline::store {
namespace {

base::Result<domain::Revision> NotNegative(std::int64_t revision, std::string_view field) {
  if (revision >= 0) return revision;
  return base::Fail(base::InvalidArgument(field, fmt::format("must not be negative, and is {}.", revision)));
}

}  // namespace

void ToProto(const ConfigurationSummary& from, pb::ConfigurationSummary* to) {
  wire::ToProto(from.configuration, to->mutable_configuration());
  to->set_benchmark_count(from.benchmark_count);
  for (const auto& shape : from.shapes) wire::ToProto(shape, to->add_shapes());
  for (const auto origin : from.origins) to->add_origins(wire::ToProto(origin));
}

void ToProto(const FoundModel& from, pb::FoundModel* to) {
  to->set_model_hf_repo(from.model.name);
  to->set_score(from.score);
  if (from.model.parameters_billion) to->set_parameters_billion(*from.model.parameters_billion);
  to->set_architecture(from.model.architecture);
  to->set_base_model(from.model.base_model);
  for (const auto& tag : from.model.tags) to->add_tags(tag);
  to->set_configuration_count(from.model.configuration_count);
  to->set_benchmark_count(from.model.benchmark_count);
}

void ToProto(const QuarantinedRow& from, pb::QuarantinedRow* to) {
  to->set_id(from.id.ToString());
  wire::ToProto(from.measurement, to->mutable_benchmark());
  to->set_location(from.location);
  for (const auto& reason : from.reasons) wire::ToProto(reason, to->add_reasons());
  to->set_revision(from.revision);
}

void ToProto(const Changes& from, pb::WatchChangesResponse* to) {
  to->set_revision(from.revision);
  to->set_snapshot_id(from.snapshot_id);
  for (const auto& model : from.models) to->add_changed_models(model);
  to->set_catalog_changed(from.catalog);
  to->set_reset(from.reset);
}

void ToProto(const ImportProgress& from, pb::ImportProgress* to) {
  to->set_phase(from.merging ? pb::IMPORT_PHASE_MERGING : pb::IMPORT_PHASE_RECEIVING);
  to->set_received_count(from.received);
  to->set_quarantined_count(from.quarantined);
  to->set_merged_count(from.merged);
}

void ToProto(const ImportSummary& from, pb::ImportBenchmarksResponse* to) {
  to->set_accepted_count(from.outcome.accepted);
  to->set_already_present_count(from.outcome.already_present);
  to->set_quarantined_count(from.outcome.quarantined);
  to->set_saturated_count(from.outcome.saturated);
  to->set_revision(from.outcome.revision);
  for (const auto& [reason, row_count] : from.reason_counts) {
    auto* count = to->add_quarantine_counts();
    count->set_reason(reason);
    count->set_row_count(row_count);
  }
  for (const auto& row : from.quarantined) ToProto(row, to->add_quarantined());
}

ImportedRow FromProto(const pb::ImportRow& from) {
  return {.measurement = wire::MeasurementFromProto(from.benchmark()),
          .location = from.location(),
          .problems = {from.problems().begin(), from.problems().end()}};
}

base::Result<std::optional<double>> RateFrom(const pb::FindClosestBenchmarkRequest& request) {
  if (!request.has_requests_per_second()) return std::nullopt;
  const double rate = request.requests_per_second();
  if (std::isfinite(rate) && rate > 0) return rate;
  return base::Fail(base::InvalidArgument(
      "requests_per_second",
      fmt::format("must be a finite number greater than 0, and is {}; leave it out for any.", rate)));
}

base::Result<domain::Revision> RevisionFrom(const pb::ListBenchmarksRequest& request) {
  return NotNegative(request.revision(), "revision");
}

base::Result<WatchPosition> PositionFrom(const pb::WatchChangesRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto revision, NotNegative(request.after_revision(), "after_revision"));
  return WatchPosition{.revision = revision, .snapshot_id = request.after_snapshot_id()};
}

}  // namespace loadline::store
