#include "data/generate/performance_model.h"

#include <algorithm>
#include <cmath>

namespace loadline::demo {
namespace {

constexpr double kIterationOverhead = 0.003;   // Scheduling and kernel launches, s.
constexpr double kSynchronisation = 0.000024;  // Of one layer over several GPUs, s.
constexpr double kMaxSequences = 256;          // The server's batch limit.
constexpr double kUsableMemory = 0.9;          // Share of the memory that the server takes.
constexpr double kActivations = 1.1;           // Weights with activations and buffers.
constexpr double kShortestRun = 300;           // s.
constexpr double kFewestRequests = 120;        // Per run.
constexpr double kOutputSpread = 0.2;          // Standard deviation / mean of output lengths.

double BytesPerWeight(const std::string& precision) {
  if (precision == "int4") return 0.5;
  return precision == "fp8" ? 1 : 2;
}

double WeightBytes(const Deployment& d) { return d.model.parameters_billion * 1e9 * BytesPerWeight(d.precision); }

double BytesPerSecond(const Deployment& d) { return d.gpus * d.gpu.gigabytes_per_second * 1e9; }

double FlopsPerSecond(const Deployment& d) { return d.gpus * d.gpu.teraflops * 1e12 * (d.precision == "fp8" ? 2 : 1); }

double FlopsPerToken(const Deployment& d) { return 2 * d.model.active_parameters_billion * 1e9; }

/// Seconds to read the prompt of one request.
double Prefill(const Deployment& d, const Shape& shape) {
  const double attention = 2 * d.model.layers * d.model.attention_width * shape.input * shape.input;
  return (FlopsPerToken(d) * shape.input + attention) / FlopsPerSecond(d);
}

/// Seconds of one decoding step with an empty batch.
double FixedStep(const Deployment& d) {
  const double synchronisation = d.gpus > 1 ? kSynchronisation * d.model.layers : 0;
  return kIterationOverhead + synchronisation + WeightBytes(d) / BytesPerSecond(d);
}

/// Seconds that one sequence adds to a decoding step.
double StepPerSequence(const Deployment& d, const Shape& shape) {
  const double context = shape.input + shape.output / 2;
  return d.model.kv_bytes_per_token * context / BytesPerSecond(d) + FlopsPerToken(d) / FlopsPerSecond(d);
}

/// The sequences that can be decoded together.
double BatchLimit(const Deployment& d, const Shape& shape) {
  const double bytes = d.gpus * d.gpu.memory_gib * 1024 * 1024 * 1024 * kUsableMemory - WeightBytes(d) * kActivations;
  const double fit = std::floor(bytes / (d.model.kv_bytes_per_token * (shape.input + shape.output)));
  return std::clamp(fit, 0.0, kMaxSequences);
}

/// Sequences in the batch at `rate`: from `batch = rate * output * step`, where
/// a step is stretched by the share of time that prefill takes.
double Batch(const Deployment& d, const Shape& shape, double rate) {
  const double free = 1 - rate * Prefill(d, shape);
  return rate * shape.output * FixedStep(d) / (free - rate * shape.output * StepPerSequence(d, shape));
}

double Power(double base, int exponent) {
  double product = 1;
  for (int i = 0; i < exponent; ++i) product *= base;
  return product;
}

/// Mean wait for a place in the batch (Sakasegawa's approximation).
double WaitForSlot(double utilisation, double slots, double residence) {
  const int exponent = static_cast<int>(std::sqrt(2 * (slots + 1)));
  return Power(utilisation, exponent) / (slots * (1 - utilisation)) * residence;
}

/// Mean wait in a queue that grew all through a run of `seconds`.
double WaitInGrowingQueue(double offered, double served, double seconds) {
  return seconds / 2 * (1 - served / offered);
}

double Combine(double a, double b) { return std::sqrt(a * a + b * b); }

}  // namespace

double SaturationRate(const Deployment& deployment, const Shape& shape) {
  const double batch = BatchLimit(deployment, shape);
  const double step = FixedStep(deployment) + batch * StepPerSequence(deployment, shape);
  return batch / (shape.output * step + batch * Prefill(deployment, shape));
}

OperatingPoint Operate(const Deployment& deployment, const Shape& shape, double offered) {
  const double most = SaturationRate(deployment, shape);
  // A steady state exists only below saturation: above, the batch is full.
  const double served = std::min(offered, 0.985 * most);
  const double utilisation = served / most;
  const double prefill = Prefill(deployment, shape);
  const double free = 1 - served * prefill;
  const double batch = Batch(deployment, shape, served);

  OperatingPoint point;
  point.achieved_rps = served;
  point.seconds = std::max(kShortestRun, kFewestRequests / offered);
  point.itl.mean = (FixedStep(deployment) + batch * StepPerSequence(deployment, shape)) / free;
  point.itl.stdev = point.itl.mean * (0.03 + 0.2 * utilisation);

  const double decode = point.itl.mean * (shape.output - 1);
  const double prompt = prefill + served * prefill * prefill / (2 * free) + 1.5 * point.itl.mean;
  const double queue = WaitForSlot(utilisation, BatchLimit(deployment, shape), decode) +
                       WaitInGrowingQueue(offered, served, point.seconds);
  point.ttft.mean = prompt + queue;
  point.ttft.stdev = prompt * (0.2 + 0.6 * utilisation * utilisation) + queue * 0.6;

  point.e2e.mean = point.ttft.mean + decode;
  point.e2e.stdev =
      Combine(point.ttft.stdev, Combine(kOutputSpread * decode, point.itl.stdev * (shape.output - 1) / 4));
  point.concurrency = served * point.e2e.mean;
  return point;
}

}  // namespace loadline::demo
