#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline::telemetry {

enum class MetricType { kCounter, kGauge, kHistogram };

/// Values counted by size.
struct Buckets {
  /// The upper bounds, each included, in order; the last bucket has none.
  std::vector<double> bounds = {};
  /// The counts of `bounds`, and of what is above all of them.
  std::vector<std::uint64_t> counts = {};
  double sum = 0;
};

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// One value of a metric. The labels' names live for ever: they are literals.
struct Sample {
  Labels labels = {};
  double value = 0;
  /// Of histograms, instead of `value`.
  Buckets buckets = {};
};

/// A metric with all its values. No label takes values that callers choose.
struct Metric {
  std::string name;
  MetricType type = MetricType::kGauge;
  std::string help;
  std::vector<Sample> samples;
};
using Metrics = std::vector<Metric>;

/// Reads metrics when they are asked for. Thread-safe.
using Collector = std::function<Metrics()>;

inline Metric Counter(std::string name, std::string help, std::vector<Sample> samples) {
  return {
      .name = std::move(name), .type = MetricType::kCounter, .help = std::move(help), .samples = std::move(samples)};
}
inline Metric Counter(std::string name, std::string help, double value) {
  return Counter(std::move(name), std::move(help), std::vector<Sample>{{.value = value}});
}
inline Metric Gauge(std::string name, std::string help, std::vector<Sample> samples) {
  return {.name = std::move(name), .type = MetricType::kGauge, .help = std::move(help), .samples = std::move(samples)};
}
inline Metric Gauge(std::string name, std::string help, double value) {
  return Gauge(std::move(name), std::move(help), std::vector<Sample>{{.value = value}});
}
inline Metric Distribution(std::string name, std::string help, std::vector<Sample> samples) {
  return {
      .name = std::move(name), .type = MetricType::kHistogram, .help = std::move(help), .samples = std::move(samples)};
}

/// `parts`, one after the other.
inline Metrics Joined(std::vector<Metrics> parts) {
  Metrics all;
  for (auto& part : parts)
    all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  return all;
}

}  // namespace loadline::telemetry
