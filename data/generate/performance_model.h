#pragma once

#include <string>

/// A small model of an inference server with continuous batching, from which
/// the demo benchmarks are made. docs/METHOD.md explains it. Only +, -, *, /
/// and sqrt are used, so every machine computes the same numbers.
namespace loadline::demo {

/// What a model costs to run.
struct ModelCard {
  std::string name;
  double parameters_billion = 0;
  /// Parameters that one token uses; fewer than all in a mixture of experts.
  double active_parameters_billion = 0;
  double layers = 0;
  /// Attention heads x head size.
  double attention_width = 0;
  double kv_bytes_per_token = 0;
};

/// What one GPU can do. Rates are what kernels reach, not what is advertised.
struct GpuCard {
  std::string name;
  double memory_gib = 0;
  double gigabytes_per_second = 0;
  /// Of 16-bit arithmetic; 8-bit arithmetic is twice as fast.
  double teraflops = 0;
};

/// One replica.
struct Deployment {
  ModelCard model;
  GpuCard gpu;
  int gpus = 1;
  /// "bf16", "fp8" or "int4".
  std::string precision;
};

/// Mean tokens per request.
struct Shape {
  double input = 0;
  double output = 0;
};

/// One latency: its mean and standard deviation, seconds.
struct Spread {
  double mean = 0;
  double stdev = 0;
};

/// How a replica runs at one offered rate.
struct OperatingPoint {
  double achieved_rps = 0;
  double concurrency = 0;
  /// Length of the run.
  double seconds = 0;
  Spread ttft = {};
  Spread itl = {};
  Spread e2e = {};
};

/// The highest rate that a replica can serve, requests/s; 0 if not even one
/// request fits into its memory.
double SaturationRate(const Deployment& deployment, const Shape& shape);

/// A run at `offered` requests/s, which may be above the saturation rate.
OperatingPoint Operate(const Deployment& deployment, const Shape& shape, double offered);

}  // namespace loadline::demo
