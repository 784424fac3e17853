#include "libs/wire/benchmark_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "loadline/benchmark/v1/benchmark.pb.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"

namespace loadline::wire {
namespace {

using domain::Reading;
using domain::Statistic;

// A Reading cannot hold NaN, and one that was sent must not pass as absent:
// infinity is as impossible, and `domain::Judge` says so.
Reading Received(double value) { return std::isnan(value) ? std::numeric_limits<double>::infinity() : value; }

void ToProto(const domain::TokenLengths& from, pb::TokenLengths* to) {
  if (from.mean) to->set_mean(*from.mean);
  if (from.nominal) to->set_nominal(*from.nominal);
  if (from.stdev) to->set_stdev(*from.stdev);
  if (from.min) to->set_min(*from.min);
  if (from.max) to->set_max(*from.max);
}

domain::TokenLengths FromProto(const pb::TokenLengths& from) {
  domain::TokenLengths to;
  if (from.has_mean()) to.mean = Received(from.mean());
  if (from.has_nominal()) to.nominal = Received(from.nominal());
  if (from.has_stdev()) to.stdev = Received(from.stdev());
  if (from.has_min()) to.min = Received(from.min());
  if (from.has_max()) to.max = Received(from.max());
  return to;
}

void ToProto(const domain::Load& from, pb::Load* to) {
  if (from.offered_rps) to->set_requests_per_second(*from.offered_rps);
  if (from.achieved_rps) to->set_responses_per_second(*from.achieved_rps);
  if (from.concurrency) to->set_concurrency(*from.concurrency);
  to->set_saturated(from.saturated);
}

domain::Load FromProto(const pb::Load& from) {
  domain::Load to{.saturated = from.saturated()};
  if (from.has_requests_per_second()) to.offered_rps = Received(from.requests_per_second());
  if (from.has_responses_per_second()) to.achieved_rps = Received(from.responses_per_second());
  if (from.has_concurrency()) to.concurrency = Received(from.concurrency());
  return to;
}

// An origin of a later version is not known to be a measurement.
domain::Origin FromProto(pb::Origin from) {
  switch (from) {
    case pb::ORIGIN_UNSPECIFIED:
    case pb::ORIGIN_MEASURED: return domain::Origin::kMeasured;
    case pb::ORIGIN_SIMULATED: return domain::Origin::kSimulated;
    case pb::ORIGIN_INTERPOLATED: return domain::Origin::kInterpolated;
    case pb::ORIGIN_SYNTHETIC: return domain::Origin::kSynthetic;
    default: return domain::Origin::kEstimated;
  }
}

void ToProto(const domain::Provenance& from, pb::Provenance* to) {
  to->set_source(from.source);
  to->set_origin(wire::ToProto(from.origin));
  to->set_confidence_level(from.confidence_level);
  to->set_format(from.format);
  to->set_tool_version(from.tool_version);
  to->set_sha256(from.sha256);
  to->set_path(from.path);
}

domain::Provenance FromProto(const pb::Provenance& from) {
  return {.source = from.source(),
          .origin = FromProto(from.origin()),
          .confidence_level = from.confidence_level(),
          .format = from.format(),
          .tool_version = from.tool_version(),
          .sha256 = from.sha256(),
          .path = from.path()};
}

void ToProto(base::Timestamp from, google::protobuf::Timestamp* to) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(from);
  to->set_seconds(seconds.time_since_epoch().count());
  to->set_nanos(static_cast<int>((from - seconds).count()) * 1'000'000);
}

// Clamped to the years 1 to 9999, which is all that a Timestamp may hold.
base::Timestamp FromProto(const google::protobuf::Timestamp& from) {
  constexpr std::int64_t kFirst = -62'135'596'800;
  constexpr std::int64_t kLast = 253'402'300'799;
  const std::chrono::seconds seconds(std::clamp<std::int64_t>(from.seconds(), kFirst, kLast));
  return base::Timestamp(seconds + std::chrono::milliseconds(from.nanos() / 1'000'000));
}

}  // namespace

pb::Origin ToProto(domain::Origin from) {
  switch (from) {
    case domain::Origin::kMeasured: return pb::ORIGIN_MEASURED;
    case domain::Origin::kSimulated: return pb::ORIGIN_SIMULATED;
    case domain::Origin::kInterpolated: return pb::ORIGIN_INTERPOLATED;
    case domain::Origin::kEstimated: return pb::ORIGIN_ESTIMATED;
    case domain::Origin::kSynthetic: return pb::ORIGIN_SYNTHETIC;
  }
  return pb::ORIGIN_UNSPECIFIED;
}

void ToProto(const domain::Configuration& from, pb::Configuration* to) {
  to->set_model_hf_repo(from.model);
  to->set_precision(from.precision);
  to->set_hardware(from.hardware);
  to->set_hardware_count(from.hardware_count);
  to->set_framework(from.framework);
  to->set_framework_version(from.framework_version);
}

void ToProto(const domain::TrafficShape& from, pb::TrafficShape* to) {
  to->set_input_tokens(from.input_tokens);
  to->set_output_tokens(from.output_tokens);
}

void ToProto(const domain::LatencySummary& from, pb::LatencySummary* to) {
  if (const auto value = from[Statistic::kMean]) to->set_mean_ms(*value);
  if (const auto value = from[Statistic::kP50]) to->set_p50_ms(*value);
  if (const auto value = from[Statistic::kP90]) to->set_p90_ms(*value);
  if (const auto value = from[Statistic::kP95]) to->set_p95_ms(*value);
  if (const auto value = from[Statistic::kP99]) to->set_p99_ms(*value);
}

void ToProto(const domain::Benchmark& from, pb::Benchmark* to) {
  ToProto(from.measurement, to);
  to->set_id(from.id.ToString());
  ToProto(from.shape, to->mutable_shape());
  to->set_revision(from.revision);
}

void ToProto(const domain::Measurement& from, pb::Benchmark* to) {
  ToProto(from.configuration, to->mutable_configuration());
  ToProto(from.input_lengths, to->mutable_input_lengths());
  ToProto(from.output_lengths, to->mutable_output_lengths());
  ToProto(from.load, to->mutable_load());
  if (!from.ttft.empty()) ToProto(from.ttft, to->mutable_ttft());
  if (!from.itl.empty()) ToProto(from.itl, to->mutable_itl());
  if (!from.e2e.empty()) ToProto(from.e2e, to->mutable_e2e());
  if (!from.tpot.empty()) ToProto(from.tpot, to->mutable_tpot());
  if (!from.chunk_gap.empty()) ToProto(from.chunk_gap, to->mutable_chunk_gap());
  if (from.tokens_per_second) to->set_tokens_per_second(*from.tokens_per_second);
  if (from.completed_requests) to->set_completed_requests(*from.completed_requests);
  if (from.failed_requests) to->set_failed_requests(*from.failed_requests);
  if (from.measured_at) ToProto(*from.measured_at, to->mutable_measured_at());
  ToProto(from.provenance, to->mutable_provenance());
}

void ToProto(const domain::QuarantineReason& from, pb::QuarantineReason* to) {
  to->set_reason(from.reason);
  to->set_field(from.field);
  to->set_message(from.message);
}

domain::Configuration FromProto(const pb::Configuration& from) {
  return {.model = from.model_hf_repo(),
          .precision = from.precision(),
          .hardware = from.hardware(),
          .hardware_count = from.hardware_count(),
          .framework = from.framework(),
          .framework_version = from.framework_version()};
}

domain::LatencySummary FromProto(const pb::LatencySummary& from) {
  domain::LatencySummary to;
  if (from.has_mean_ms()) to[Statistic::kMean] = Received(from.mean_ms());
  if (from.has_p50_ms()) to[Statistic::kP50] = Received(from.p50_ms());
  if (from.has_p90_ms()) to[Statistic::kP90] = Received(from.p90_ms());
  if (from.has_p95_ms()) to[Statistic::kP95] = Received(from.p95_ms());
  if (from.has_p99_ms()) to[Statistic::kP99] = Received(from.p99_ms());
  return to;
}

base::Result<domain::TrafficShape> FromProto(const pb::TrafficShape& from, std::string_view field) {
  return domain::TrafficShape::Make(from.input_tokens(), from.output_tokens(), field);
}

domain::Measurement MeasurementFromProto(const pb::Benchmark& from) {
  domain::Measurement to{.configuration = FromProto(from.configuration()),
                         .input_lengths = FromProto(from.input_lengths()),
                         .output_lengths = FromProto(from.output_lengths()),
                         .load = FromProto(from.load()),
                         .ttft = FromProto(from.ttft()),
                         .itl = FromProto(from.itl()),
                         .e2e = FromProto(from.e2e()),
                         .tpot = FromProto(from.tpot()),
                         .chunk_gap = FromProto(from.chunk_gap()),
                         .provenance = FromProto(from.provenance())};
  if (from.has_tokens_per_second()) to.tokens_per_second = Received(from.tokens_per_second());
  if (from.has_completed_requests()) to.completed_requests = from.completed_requests();
  if (from.has_failed_requests()) to.failed_requests = from.failed_requests();
  if (from.has_measured_at()) to.measured_at = FromProto(from.measured_at());
  return to;
}

base::Result<domain::Benchmark> BenchmarkFromProto(const pb::Benchmark& from) {
  LOADLINE_ASSIGN_OR_RETURN(const auto id, domain::BenchmarkId::Parse(from.id()));
  LOADLINE_ASSIGN_OR_RETURN(const auto shape, FromProto(from.shape(), "shape"));
  return domain::Benchmark{
      .id = id, .shape = shape, .revision = from.revision(), .measurement = MeasurementFromProto(from)};
}

base::Result<domain::BenchmarkFilter> FromProto(const pb::BenchmarkFilter& from, std::string_view field) {
  auto text = domain::Canonical({.model = from.model_hf_repo(),
                                 .precision = from.precision(),
                                 .hardware = from.hardware(),
                                 .framework = from.framework(),
                                 .framework_version = from.framework_version()});
  domain::BenchmarkFilter to{.model = std::move(text.model),
                             .hardware = std::move(text.hardware),
                             .framework = std::move(text.framework),
                             .framework_version = std::move(text.framework_version),
                             .precision = std::move(text.precision)};
  std::vector<base::FieldViolation> violations;
  if (from.has_hardware_count()) to.hardware_count = from.hardware_count();
  if (to.hardware_count.value_or(1) < 1) {
    violations.push_back(
        {fmt::format("{}.hardware_count", field), fmt::format("must be at least 1, and is {}.", *to.hardware_count)});
  }
  if (from.has_shape()) {
    auto shape = FromProto(from.shape(), fmt::format("{}.shape", field));
    if (shape) to.shape = *shape;
    if (!shape) std::ranges::move(shape.error().violations, std::back_inserter(violations));
  }
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return to;
}

}  // namespace loadline::wire
