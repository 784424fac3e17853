#pragma once

#include "libs/domain/benchmark.h"
#include "libs/domain/filter.h"
#include "libs/domain/judge.h"

namespace loadline::benchmark::v1 {
class Benchmark;
class BenchmarkFilter;
class Configuration;
class ImportRow;
class LatencySummary;
class QuarantineReason;
class TrafficShape;
enum Origin : int;
}  // namespace loadline::benchmark::v1

/// domain <-> protobuf. `To...` writes into a message that the caller owns (and
/// may have on an arena); `From...` reads one. Headers declare the messages
/// only, so that including them stays cheap.
namespace loadline::wire {

namespace pb = ::loadline::benchmark::v1;

pb::Origin ToProto(domain::Origin from);
void ToProto(const domain::Configuration& from, pb::Configuration* to);
void ToProto(const domain::TrafficShape& from, pb::TrafficShape* to);
void ToProto(const domain::LatencySummary& from, pb::LatencySummary* to);
void ToProto(const domain::Benchmark& from, pb::Benchmark* to);
/// Without id, shape and revision.
void ToProto(const domain::Measurement& from, pb::Benchmark* to);
void ToProto(const domain::QuarantineReason& from, pb::QuarantineReason* to);

domain::Configuration FromProto(const pb::Configuration& from);
domain::LatencySummary FromProto(const pb::LatencySummary& from);
/// `shape` must be set; fails with violations on `<field>.input_tokens`, ....
base::Result<domain::TrafficShape> FromProto(const pb::TrafficShape& from, std::string_view field);
/// What the row says, unchecked. Output-only fields are ignored. A NaN, which a
/// Reading cannot hold, becomes infinity, which `domain::Judge` refuses.
domain::Measurement MeasurementFromProto(const pb::Benchmark& from);
/// A stored benchmark, as the store sends it. Fails if the id or shape is bad.
base::Result<domain::Benchmark> BenchmarkFromProto(const pb::Benchmark& from);
/// Canonical text, except hardware, which only the catalogue can name. Fails
/// with violations on `<field>.hardware_count` or `<field>.shape...`.
base::Result<domain::BenchmarkFilter> FromProto(const pb::BenchmarkFilter& from, std::string_view field);

}  // namespace loadline::wire
