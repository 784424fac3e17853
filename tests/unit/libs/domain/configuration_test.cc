#include "libs/domain/configuration.h"

#include <gtest/gtest.h>

namespace loadline::domain {
namespace {

TEST(Configuration, PrintsWhatIsDeployed) {
  const Configuration configuration = {.model = "qwen/qwen2.5-7b-instruct",
                                       .precision = "fp8",
                                       .hardware = "H100",
                                       .hardware_count = 2,
                                       .framework = "vllm",
                                       .framework_version = "0.11.0"};
  EXPECT_EQ(configuration.ToString(), "qwen/qwen2.5-7b-instruct fp8 on 2x H100, vllm 0.11.0");
}

TEST(Configuration, PrintsNothingForWhatIsNotSaid) {
  const Configuration configuration = {
      .model = "m", .precision = "", .hardware = "L4", .hardware_count = 1, .framework = "", .framework_version = ""};
  EXPECT_EQ(configuration.ToString(), "m on 1x L4");
}

TEST(Canonical, LowersModelPrecisionAndFrameworkAndTrimsAll) {
  const Configuration written = {.model = " Qwen/Qwen2.5-7B ",
                                 .precision = "FP8\n",
                                 .hardware = " H100 ",
                                 .hardware_count = 2,
                                 .framework = "vLLM",
                                 .framework_version = " 0.11.0-RC1 "};
  const Configuration canonical = {.model = "qwen/qwen2.5-7b",
                                   .precision = "fp8",
                                   .hardware = "H100",
                                   .hardware_count = 2,
                                   .framework = "vllm",
                                   .framework_version = "0.11.0-RC1"};
  EXPECT_EQ(Canonical(written), canonical);
  EXPECT_EQ(Canonical(canonical), canonical);
}

std::optional<double> Bits(const std::string& precision, const std::string& model) {
  return WeightBits({.model = model,
                     .precision = precision,
                     .hardware = "H100",
                     .hardware_count = 1,
                     .framework = "",
                     .framework_version = ""});
}

TEST(WeightBits, AreReadFromThePrecision) {
  const std::pair<const char*, std::optional<double>> cases[] = {
      {"bf16", 16},
      {"fp16", 16},
      {"float16", 16},
      {"bfloat16", 16},
      {"half", 16},
      {"fp32", 32},
      {"fp8", 8},
      {"FP8", 8},
      {"int8", 8},
      {"w8a8", 8},
      {"w4a16", 4},
      {"int4", 4},
      {"mxfp4", 4},
      {"nvfp4", 4},
      {"fp4", 4},
      {"nf4", 4},
      {"4bit", 4},
      {"8bits", 8},
      {"awq", 4},
      {"int4-awq", 4},
      {"q4_k_m", 4},
      {"q8_0", 8},
      {"fp8-dynamic", 8},
      {"fp8_e4m3", 8},
      {"", std::nullopt},
      {"auto", std::nullopt},
      {"unknown", std::nullopt},
      {"fp", std::nullopt},
      {"fp7", std::nullopt},
      {"16", std::nullopt},
      {"w4", 4},
      {"fp8x", std::nullopt},
  };
  for (const auto& [precision, expected] : cases) EXPECT_EQ(Bits(precision, "org/model"), expected) << precision;
}

TEST(WeightBits, AreReadFromAModelNameThatSaysSo) {
  const std::pair<const char*, std::optional<double>> cases[] = {
      {"redhatai/phi-4-fp8-dynamic", 8},
      {"redhatai/phi-4-quantized.w8a8", 8},
      {"redhatai/phi-4-quantized.w4a16", 4},
      {"meta-llama/llama-4-maverick-17b-128e-instruct-fp8", 8},
      {"unsloth/llama-3.1-8b-instruct-bnb-4bit", 4},
      {"qwen/qwen2.5-7b-instruct-awq", 4},
      {"qwen/qwen2.5-7b-instruct-gptq-int4", 4},
      {"microsoft/phi-4", std::nullopt},
      {"qwen/qwen2.5-7b-instruct", std::nullopt},
      {"openai/gpt-oss-120b", std::nullopt},
      {"mistralai/mixtral-8x7b-instruct-v0.1", std::nullopt},
      {"meta-llama/llama-4-scout-17b-16e-instruct", std::nullopt},
  };
  for (const auto& [model, expected] : cases) EXPECT_EQ(Bits("", model), expected) << model;
}

TEST(WeightBits, ThePrecisionWinsOverTheName) { EXPECT_EQ(Bits("bf16", "redhatai/phi-4-fp8-dynamic"), 16); }

TEST(ParametersFromName, AreReadFromNamesInUse) {
  const std::pair<const char*, std::optional<double>> cases[] = {
      {"ibm-granite/granite-3.1-8b-instruct", 8},
      {"meta-llama/llama-3.1-8b-instruct", 8},
      {"meta-llama/llama-3.3-70b-instruct", 70},
      {"meta-llama/llama-4-maverick-17b-128e-instruct-fp8", std::nullopt},
      {"meta-llama/llama-4-scout-17b-16e-instruct", std::nullopt},
      {"microsoft/phi-4", std::nullopt},
      {"mistralai/mistral-small-24b-instruct-2501", 24},
      {"mistralai/mistral-small-3.1-24b-instruct-2503", 24},
      {"mistralai/mixtral-8x7b-instruct-v0.1", 56},
      {"mistralai/Mixtral-8x22B-Instruct-v0.1", 176},
      {"nvidia/llama-3.1-nemotron-70b-instruct-hf", 70},
      {"openai/gpt-oss-120b", 120},
      {"openai/gpt-oss-20b", 20},
      {"qwen/qwen2.5-7b-instruct", 7},
      {"redhatai/llama-3.1-nemotron-70b-instruct-hf-fp8-dynamic", 70},
      {"redhatai/llama-4-scout-17b-16e-instruct-quantized.w4a16", std::nullopt},
      {"redhatai/mistral-small-3.1-24b-instruct-2503-quantized.w4a16", 24},
      {"redhatai/phi-4-quantized.w8a8", std::nullopt},
      {"redhatai/qwen2.5-7b-instruct-quantized.w8a8", 7},
      {"redhatai/smollm3-3b-fp8-dynamic", 3},
      {"apriel-v1.5-15b-thinker", 15},
      {"command-r-aug-24", std::nullopt},
      {"deepseek-v3.2-exp-reasoning", std::nullopt},
      {"kimi-k2-thinking", std::nullopt},
      {"minimax-m2", std::nullopt},
      {"qwen3-235b-a22b-2507-reasoning", 235},
      {"qwen3-next-80b-a3b-reasoning", 80},
      {"qwen3-vl-235b-a22b-reasoning", 235},
      {"qwen3-max", std::nullopt},
      {"seed-oss-36b-instruct", 36},
      {"Qwen/Qwen3-30B-A3B", 30},
      {"qwen/qwen2.5-0.5b", 0.5},
      {"huggingfacetb/smollm2-360m-instruct", 0.36},
      {"allenai/olmoe-1b-7b-0924", 7},
      {"thebloke/llama-2-7b.q4_k_m.gguf", 7},
      {"google/gemma-3n-e4b-it", std::nullopt},
      {"org-70b/unnamed", std::nullopt},
      {"unsloth/llama-3.1-8b-bnb-4bit", 8},
      {"yarn-llama-2-13b-128k", 13},
      {"0b", std::nullopt},
      {"999999999b", std::nullopt},
      {"", std::nullopt},
      {"/", std::nullopt},
  };
  for (const auto& [model, expected] : cases) EXPECT_EQ(ParametersFromName(model), expected) << model;
}

}  // namespace
}  // namespace loadline::domain
