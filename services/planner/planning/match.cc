#include "services/planner/planning/match.h"

#include <cmath>
#include <tuple>

namespace loadline::planning {
namespace {

// The point of `curve` whose achieved rate is nearest to `rps`, or the lowest.
std::size_t NearestPoint(const LoadCurve& curve, std::optional<double> rps) {
  const auto points = curve.points();
  const auto key = [&](std::size_t i) {
    const double achieved = *points[i].achieved_rps;
    return std::tuple(rps ? std::abs(achieved - *rps) : achieved, achieved, points[i].id);
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (key(i) < key(best)) best = i;
  }
  return best;
}

}  // namespace

const LoadCurve& ClosestCurve(const ConfigurationEvidence& configuration, const domain::TrafficShape& asked,
                              double* distance) {
  const LoadCurve* best = nullptr;
  for (const LoadCurve& curve : configuration.curves) {
    const double candidate = domain::Distance(asked, curve.shape());
    if (best != nullptr && candidate >= *distance) continue;
    best = &curve;
    *distance = candidate;
  }
  return *best;
}

std::optional<Match> FindClosest(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence,
                                 const domain::BenchmarkFilter& filter, const domain::TrafficShape& asked,
                                 std::optional<double> rps) {
  Match best;
  for (const auto& model : evidence) {
    for (const ConfigurationEvidence& configuration : model->configurations) {
      if (!filter.Matches(configuration.configuration)) continue;
      double distance = 0;
      const LoadCurve& curve = ClosestCurve(configuration, asked, &distance);
      if (best.curve != nullptr && distance >= best.distance) continue;
      best = {.configuration = &configuration, .curve = &curve, .point = 0, .distance = distance};
    }
  }
  if (best.curve == nullptr) return std::nullopt;
  best.point = NearestPoint(*best.curve, rps);
  return best;
}

}  // namespace loadline::planning
