#include "services/planner/api/encode_parts.h"

#include "libs/wire/benchmark_wire.h"

namespace loadline::planner {

void Encode(const Freshness& from, v1::Freshness* to) {
  to->set_revision(from.revision);
  to->set_stale(from.stale);
  to->set_evidence_age_ms(from.evidence_age.count());
}

void Encode(const planning::Evidence& from, v1::Evidence* to) {
  for (const auto& id : from.benchmark_ids) to->add_benchmark_ids(id.ToString());
  wire::ToProto(from.shape, to->mutable_shape());
  to->set_distance(from.distance);
  to->set_origin(wire::ToProto(from.origin));
}

void Encode(const planning::Interval& from, v1::Interval* to) {
  to->set_lower(from.lower);
  to->set_upper(from.upper);
}

}  // namespace loadline::planner
