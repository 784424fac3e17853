#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "libs/domain/text.h"

namespace loadline::domain {

/// What is deployed as one replica. Its identity is all of its fields.
/// Ordered by them, in this order.
struct Configuration {
  std::string model;
  std::string precision;
  std::string hardware;
  int hardware_count = 1;
  std::string framework;
  std::string framework_version;

  // clang-tidy 14 takes the 0 of a comparison for a null pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const Configuration&, const Configuration&) = default;

  /// "model precision on 2x H100, vllm 0.11.0".
  std::string ToString() const;
};

/// Trims, and lower-cases model, precision and framework, which are
/// case-insensitive everywhere. Hardware is left: the catalogue names it.
Configuration Canonical(Configuration configuration);

/// Bits per weight: from `precision` ("bf16", "fp8", "int4", "w4a16", ...), or
/// else from a model name that says so ("...-fp8-dynamic", "...w8a8"), else
/// nullopt.
std::optional<double> WeightBits(const Configuration& configuration);

/// Billions of parameters, read from a model name such as
/// "llama-3.1-8b-instruct" or "mixtral-8x7b"; nullopt where it says nothing.
std::optional<double> ParametersFromName(std::string_view model);

}  // namespace loadline::domain
