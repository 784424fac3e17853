#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

/// Plans worked out the plain way, from the data files and the text of the
/// method, sharing no code with the planner: what the planner is checked by.
namespace loadline::e2e {

/// A load curve by one latency: what can be read off a chart.
class Curve {
 public:
  /// Points by rate; both rise.
  explicit Curve(std::vector<std::pair<double, double>> points);

  /// The latency at `rate`: monotone cubic interpolation (PCHIP) within the
  /// curve, its ends outside.
  double At(double rate) const;
  /// The highest rate with a latency of at most `limit`, by bisection; 0 where
  /// the first point is above it.
  double RateAt(double limit) const;

 private:
  std::vector<std::pair<double, double>> points_;
  std::vector<double> slopes_;
};

/// What is asked.
struct HandRequest {
  int input_tokens = 0;
  int output_tokens = 0;
  double rps = 0;
  /// Row fields and their limits in ms, such as {"ttft_p95", 500}.
  std::map<std::string, double> limits = {};
  double headroom = 1.2;
  /// Only this model; empty for all.
  std::string model = {};
};

/// One feasible configuration.
struct HandOption {
  std::string model;
  std::string precision;
  std::string hardware;
  int hardware_count = 0;
  double capacity = 0;
  int replicas = 0;
  double usd_per_hour = 0;
  double usd_per_million_tokens = 0;
  double worst_slack = 0;
  std::map<std::string, double> latencies = {};
};

/// All feasible configurations, the cheapest first, then the one with more
/// slack. `rows` and `hardware` are the arrays of the data files.
std::vector<HandOption> PlanByHand(const nlohmann::json& rows, const nlohmann::json& hardware,
                                   const HandRequest& request);

}  // namespace loadline::e2e
