#include "cli/traffic/trace_format.h"

namespace loadline::cli {

const std::array<TraceFormat, 3>& TraceFormats() {
  static constexpr std::array<TraceFormat, 3> formats = {
      TraceFormat{.name = "Azure LLM inference trace",
                  .first_line = "TIMESTAMP,ContextTokens,GeneratedTokens",
                  .has_header = true,
                  .open = OpenAzure},
      TraceFormat{.name = "BurstGPT",
                  .first_line = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type",
                  .has_header = true,
                  .open = OpenBurstGpt},
      TraceFormat{.name = "Mooncake",
                  .first_line = R"({"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": []})",
                  .has_header = false,
                  .open = OpenMooncake}};
  return formats;
}

}  // namespace loadline::cli
