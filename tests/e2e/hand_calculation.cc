#include "tests/e2e/hand_calculation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace loadline::e2e {
namespace {

using nlohmann::json;
using Points = std::vector<std::pair<double, double>>;

// The slope at an end: three points, kept from overshooting.
double EndSlope(double h0, double h1, double d0, double d1) {
  const double slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (slope * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && std::abs(slope) > 3 * std::abs(d0)) return 3 * d0;
  return slope;
}

std::vector<double> Slopes(const Points& points) {
  const std::size_t n = points.size();
  if (n < 2) return std::vector<double>(n, 0);
  std::vector<double> h;
  std::vector<double> d;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    h.push_back(points[i + 1].first - points[i].first);
    d.push_back((points[i + 1].second - points[i].second) / h[i]);
  }
  if (n == 2) return {d[0], d[0]};
  std::vector<double> slopes = {EndSlope(h[0], h[1], d[0], d[1])};
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double w1 = 2 * h[i] + h[i - 1];
    const double w2 = h[i] + 2 * h[i - 1];
    slopes.push_back(d[i - 1] * d[i] <= 0 ? 0 : (w1 + w2) / (w1 / d[i - 1] + w2 / d[i]));
  }
  slopes.push_back(EndSlope(h[n - 2], h[n - 3], d[n - 2], d[n - 3]));
  return slopes;
}

// Points that kept up, by rate, and the first saturated one where it achieved
// more; latencies never fall.
Points CurvePoints(std::vector<json> rows, const std::string& field) {
  std::sort(rows.begin(), rows.end(), [](const json& a, const json& b) { return a["concurrency"] < b["concurrency"]; });
  Points points;
  for (const auto& row : rows) {
    const double achieved = row["responses_per_second"];
    const bool saturated = achieved < 0.9 * row["requests_per_second"].get<double>();
    const double latency = row[field];
    // Less than half a percent apart is the same rate: the worse latency counts.
    if (!points.empty() && achieved <= points.back().first * 1.005) {
      if (!saturated) points.back().second = std::max(points.back().second, latency);
    } else {
      points.emplace_back(achieved, points.empty() ? latency : std::max(points.back().second, latency));
    }
    if (saturated) break;
  }
  return points;
}

double LowestOnDemand(const json& hardware, const std::string& name) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const auto& gpu : hardware) {
    if (gpu["name"] != name) continue;
    for (const auto& price : gpu["prices"]) {
      if (price["purchase_option"] == "on_demand") lowest = std::min(lowest, price["usd_per_gpu_hour"].get<double>());
    }
  }
  return lowest;
}

HandOption Evaluate(const std::vector<json>& rows, double usd_per_gpu_hour, const HandRequest& request) {
  const auto& first = rows.front();
  HandOption option = {.model = first["model_hf_repo"],
                       .precision = first["precision"],
                       .hardware = first["hardware"],
                       .hardware_count = first["hardware_count"],
                       .capacity = std::numeric_limits<double>::infinity(),
                       .worst_slack = 1};
  std::map<std::string, Curve> curves;
  for (const auto& [field, limit] : request.limits) {
    const Curve& curve = curves.emplace(field, Curve(CurvePoints(rows, field))).first->second;
    option.capacity = std::min(option.capacity, curve.RateAt(limit));
  }
  if (option.capacity == 0) return option;
  option.replicas = static_cast<int>(std::ceil(request.rps / (option.capacity / request.headroom)));
  option.usd_per_hour = option.replicas * option.hardware_count * usd_per_gpu_hour;
  const double tokens_per_hour = request.rps * 3600 * (request.input_tokens + request.output_tokens);
  option.usd_per_million_tokens = option.usd_per_hour / tokens_per_hour * 1e6;
  for (const auto& [field, limit] : request.limits) {
    const double latency = curves.at(field).At(request.rps / option.replicas);
    option.latencies[field] = latency;
    option.worst_slack = std::min(option.worst_slack, 1 - latency / limit);
  }
  return option;
}

}  // namespace

Curve::Curve(std::vector<std::pair<double, double>> points) : points_(std::move(points)), slopes_(Slopes(points_)) {}

double Curve::At(double rate) const {
  if (rate <= points_.front().first) return points_.front().second;
  if (rate >= points_.back().first) return points_.back().second;
  std::size_t i = 0;
  while (points_[i + 1].first < rate) ++i;
  const auto [x0, y0] = points_[i];
  const auto [x1, y1] = points_[i + 1];
  const double h = x1 - x0;
  const double t = (rate - x0) / h;
  // The four Hermite basis polynomials.
  return y0 * (1 + 2 * t) * (1 - t) * (1 - t) + slopes_[i] * h * t * (1 - t) * (1 - t) + y1 * t * t * (3 - 2 * t) +
         slopes_[i + 1] * h * t * t * (t - 1);
}

double Curve::RateAt(double limit) const {
  if (points_.front().second > limit) return 0;
  if (points_.back().second <= limit) return points_.back().first;
  double low = points_.front().first;
  double high = points_.back().first;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (At(middle) <= limit ? low : high) = middle;
  }
  return low;
}

std::vector<HandOption> PlanByHand(const json& rows, const json& hardware, const HandRequest& request) {
  std::map<std::string, std::vector<json>> configurations;
  for (const auto& row : rows) {
    if (!request.model.empty() && row["model_hf_repo"] != request.model) continue;
    if (row["prompt_tokens"] != request.input_tokens || row["output_tokens"] != request.output_tokens) continue;
    const json identity = {row["model_hf_repo"],  row["precision"], row["hardware"],
                           row["hardware_count"], row["framework"], row["framework_version"]};
    configurations[identity.dump()].push_back(row);
  }
  std::vector<HandOption> options;
  for (const auto& [identity, points] : configurations) {
    auto option = Evaluate(points, LowestOnDemand(hardware, points.front()["hardware"]), request);
    if (option.capacity > 0) options.push_back(std::move(option));
  }
  std::stable_sort(options.begin(), options.end(), [](const HandOption& a, const HandOption& b) {
    return std::tuple(a.usd_per_hour, -a.worst_slack) < std::tuple(b.usd_per_hour, -b.worst_slack);
  });
  return options;
}

}  // namespace loadline::e2e
