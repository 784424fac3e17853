#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/configuration.h"
#include "libs/domain/slo.h"
#include "libs/domain/traffic_shape.h"

namespace loadline::domain {

/// What the catalogue says besides, by name.
using Annotations = std::map<std::string, std::string>;

/// How well a model suits a use case: 0 (not at all) to 1 (made for it).
struct ModelUseCase {
  std::string use_case;
  double suitability = 0;

  friend bool operator==(const ModelUseCase&, const ModelUseCase&) = default;
};

/// A model: what it takes in memory, and what it is known for.
struct Model {
  std::string name;
  std::optional<double> parameters_billion = {};
  /// `parameters_billion` was read from the name, not from the catalogue.
  bool parameters_from_name = false;
  /// Bytes of one token's KV cache at 16 bits.
  std::optional<double> kv_bytes_per_token = {};
  int configuration_count = 0;
  int benchmark_count = 0;
  /// Such as "llama"; "" where it is not known.
  std::string architecture = {};
  /// The model that it was made from; "" where that is not known.
  std::string base_model = {};
  /// Sorted, without repeats.
  std::vector<std::string> tags = {};
  /// In order of use case; one each.
  std::vector<ModelUseCase> use_cases = {};
  Annotations metadata = {};

  friend bool operator==(const Model&, const Model&) = default;
};

/// What one GPU costs somewhere.
struct HardwarePrice {
  std::string provider;
  std::string purchase_option;
  double usd_per_gpu_hour = 0;

  friend bool operator==(const HardwarePrice&, const HardwarePrice&) = default;
};

/// A GPU type.
struct Hardware {
  std::string name;
  std::optional<double> memory_gib = {};
  /// In order of provider, then purchase option; one each.
  std::vector<HardwarePrice> prices;
  std::vector<std::string> aliases;

  friend bool operator==(const Hardware&, const Hardware&) = default;
};

/// Fails with a violation for every field that is out of range.
base::Status Validate(const Hardware& hardware, std::string_view field = "hardware");

/// `change` applied to `base`: memory and aliases that are set replace, each
/// price replaces the one of its provider and purchase option.
Hardware Merge(Hardware base, const Hardware& change);

/// The catalogue name for what a report or a person calls a GPU: an exact name
/// or alias, else one after dropping words for the vendor, the form factor and
/// the memory size ("NVIDIA-H100-80GB-HBM3" is H100), else `name` trimmed.
/// Case-insensitive; never guesses by substring, so L40S is not L4; a memory
/// size is dropped only where the GPU has that much, so "A100-40GB" is not one
/// of 80 GiB. An exact name is fast; dropping words costs a few microseconds.
std::string CanonicalHardware(std::string_view name, const std::vector<Hardware>& catalog);

/// How much each goal counts; not negative, adding up to 1.
struct PriorityWeights {
  double cost = 0;
  double latency = 0;
  double quality = 0;

  friend bool operator==(const PriorityWeights&, const PriorityWeights&) = default;
};

/// A kind of application with its usual traffic and promises.
struct UseCase {
  std::string id;
  std::string display_name;
  std::string description;
  TrafficShape shape;
  Slo slo;
  PriorityWeights weights;
  /// Latencies beyond which nothing is gained, by metric and statistic as in
  /// `slo`; absent: not known.
  std::optional<Slo> excellent = {};
  /// Such as "conversation"; "" where it is not known.
  std::string category = {};
  /// The Hugging Face task, such as "text-generation"; "" where it is not known.
  std::string pipeline_tag = {};
  Annotations characteristics = {};

  friend bool operator==(const UseCase&, const UseCase&) = default;
};

}  // namespace loadline::domain
