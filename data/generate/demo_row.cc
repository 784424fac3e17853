#include "data/generate/demo_row.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

namespace loadline::demo {
namespace {

constexpr char kFramework[] = "vllm";
constexpr char kFrameworkVersion[] = "0.11.0";
constexpr char kMeasuredAt[] = "2026-11-01T00:00:00.000Z";

/// Where a statistic lies, in standard deviations from the mean. Latencies have
/// a long tail to the right, so the median is below the mean.
struct Place {
  std::string_view name;
  double deviations = 0;
};
constexpr std::array<Place, 5> kPlaces = {{{"mean", 0}, {"p50", -0.15}, {"p90", 1.3}, {"p95", 1.9}, {"p99", 3.2}}};

class RowWriter {
 public:
  void Text(std::string_view name, std::string_view value) { Add(name, fmt::format("\"{}\"", value)); }
  void Number(std::string_view name, double value) { Add(name, fmt::format("{}", Rounded(value))); }
  void Latency(std::string_view metric, const Spread& seconds) {
    for (const Place& place : kPlaces) {
      Number(fmt::format("{}_{}", metric, place.name), 1000 * (seconds.mean + place.deviations * seconds.stdev));
    }
  }
  void Lengths(std::string_view side, double mean) {
    Number(fmt::format("{}_tokens", side), mean);
    Number(fmt::format("{}_tokens_stdev", side), mean / 5);
    Number(fmt::format("{}_tokens_min", side), mean * 0.4);
    Number(fmt::format("{}_tokens_max", side), mean * 1.6);
  }
  std::string Finish() const { return "{" + text_ + "}"; }

 private:
  void Add(std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\": {}", text_.empty() ? "" : ", ", name, value);
  }

  std::string text_;
};

void WriteConfiguration(RowWriter& row, const Deployment& deployment) {
  row.Text("model_hf_repo", deployment.model.name);
  row.Text("precision", deployment.precision);
  row.Text("hardware", deployment.gpu.name);
  row.Number("hardware_count", deployment.gpus);
  row.Text("framework", kFramework);
  row.Text("framework_version", kFrameworkVersion);
}

}  // namespace

double Rounded(double value) { return std::floor(value * 1000 + 0.5) / 1000; }

std::uint64_t Noise::Next() {
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

double Noise::Factor(double width) {
  const double unit = static_cast<double>(Next() >> 11) / static_cast<double>(std::uint64_t{1} << 53);
  return 1 + width * (2 * unit - 1);
}

OperatingPoint Measured(OperatingPoint point, const Shape& shape, Noise& noise) {
  point.achieved_rps *= 0.995 * noise.Factor(0.004);
  point.ttft.mean *= noise.Factor(0.015);
  point.itl.mean *= noise.Factor(0.006);
  point.e2e.mean = (point.ttft.mean + point.itl.mean * (shape.output - 1)) * noise.Factor(0.002);
  point.concurrency = point.achieved_rps * point.e2e.mean;
  return point;
}

std::string RowText(const Deployment& deployment, const Shape& shape, double offered, const OperatingPoint& point) {
  RowWriter row;
  WriteConfiguration(row, deployment);
  row.Lengths("prompt", shape.input);
  row.Lengths("output", shape.output);
  row.Number("mean_input_tokens", shape.input);
  row.Number("mean_output_tokens", shape.output);
  row.Number("requests_per_second", offered);
  row.Number("responses_per_second", point.achieved_rps);
  row.Number("concurrency", point.concurrency);
  row.Number("tokens_per_second", point.achieved_rps * shape.output);
  row.Latency("ttft", point.ttft);
  row.Latency("itl", point.itl);
  row.Latency("e2e", point.e2e);
  row.Number("completed_requests", std::floor(point.achieved_rps * point.seconds));
  row.Number("failed_requests", 0);
  row.Text("measured_at", kMeasuredAt);
  row.Text("source", "synthetic");
  row.Text("confidence_level", "synthetic");
  return row.Finish();
}

}  // namespace loadline::demo
