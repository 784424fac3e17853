#include "services/planner/planning/memory_fit.h"

#include <limits>

namespace loadline::planning {
namespace {

constexpr double kBytesPerGib = 1024.0 * 1024 * 1024;
constexpr double kWeightOverhead = 1.2;
constexpr double kDefaultBits = 16;

std::optional<double> Parameters(const domain::Configuration& configuration, const domain::Model* model) {
  return model != nullptr ? model->parameters_billion : domain::ParametersFromName(configuration.model);
}

}  // namespace

Memory FitMemory(const ConfigurationEvidence& configuration, const domain::Model* model,
                 const domain::Hardware* hardware, const domain::TrafficShape& shape) {
  Memory memory;
  if (const auto parameters = Parameters(configuration.configuration, model)) {
    const double bits = configuration.weight_bits.value_or(kDefaultBits);
    memory.weights_gib = *parameters * 1e9 * bits / 8 * kWeightOverhead / kBytesPerGib;
  }
  if (hardware != nullptr && hardware->memory_gib) {
    memory.memory_gib = *hardware->memory_gib * configuration.configuration.hardware_count;
  }
  if (!memory.weights_gib || !memory.memory_gib) return memory;
  const double room_gib = *memory.memory_gib - *memory.weights_gib;
  memory.fit = room_gib >= 0 ? MemoryFit::kFits : MemoryFit::kTooSmall;
  if (memory.fit == MemoryFit::kFits && model != nullptr && model->kv_bytes_per_token) {
    memory.kv_tokens = room_gib * kBytesPerGib / *model->kv_bytes_per_token;
    if (*memory.kv_tokens < shape.input_tokens + shape.output_tokens) memory.fit = MemoryFit::kTooSmall;
  }
  return memory;
}

double MostInFlight(const Memory& memory, const domain::TrafficShape& shape) {
  constexpr double kUsableKv = 0.9;
  if (!memory.kv_tokens) return std::numeric_limits<double>::infinity();
  return kUsableKv * *memory.kv_tokens / (shape.input_tokens + shape.output_tokens);
}

}  // namespace loadline::planning
