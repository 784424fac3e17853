#pragma once

#include <string>

#include "libs/domain/judge.h"

namespace loadline::store {

/// What tests care about in a row; the rest is made up to fit.
struct SampleOptions {
  std::string model = "model-a";
  std::string precision = "bf16";
  std::string hardware = "H100";
  int hardware_count = 1;
  std::string framework = "vllm";
  std::string framework_version = "1.0";
  double input_tokens = 512;
  double output_tokens = 256;
  double rate = 1;
  /// Tells rows apart that are alike otherwise.
  int variant = 0;
  bool saturated = false;
  domain::Origin origin = domain::Origin::kMeasured;
};

/// A measurement that `domain::Judge` accepts, with every field set.
domain::Measurement Sample(const SampleOptions& options);

/// The same as an accepted verdict.
domain::Verdict Accepted(const SampleOptions& options);

/// A measurement that `domain::Judge` refuses, as NEGATIVE_VALUE.
domain::Measurement BadSample(const SampleOptions& options);

}  // namespace loadline::store
