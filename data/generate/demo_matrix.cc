#include "data/generate/demo_matrix.h"

namespace loadline::demo {
namespace {

// Model shapes are those of the published configurations.
const ModelCard kLlama8b{"meta-llama/llama-3.1-8b-instruct", 8.03, 8.03, 32, 4096, 131072};
const ModelCard kLlama70b{"meta-llama/llama-3.3-70b-instruct", 70.55, 70.55, 80, 8192, 327680};
const ModelCard kQwen7b{"qwen/qwen2.5-7b-instruct", 7.62, 7.62, 28, 3584, 57344};
const ModelCard kMistral24b{"mistralai/mistral-small-24b-instruct-2501", 23.57, 23.57, 40, 4096, 163840};
const ModelCard kPhi4{"microsoft/phi-4", 14.66, 14.66, 40, 5120, 204800};
const ModelCard kMixtral{"mistralai/mixtral-8x7b-instruct-v0.1", 46.70, 12.88, 32, 4096, 131072};

// About 70 % of the advertised bandwidth and 45 % of the dense 16-bit rate
// (60 % and 35 % for AMD).
const GpuCard kA10g{"A10G", 24, 420, 31};
const GpuCard kA100_40{"A100-40", 40, 1090, 140};
const GpuCard kA100_80{"A100-80", 80, 1430, 140};
const GpuCard kB200{"B200", 180, 5600, 1010};
const GpuCard kH100{"H100", 80, 2350, 445};
const GpuCard kH200{"H200", 141, 3360, 445};
const GpuCard kL4{"L4", 24, 210, 54};
const GpuCard kL40s{"L40S", 48, 605, 163};
const GpuCard kMi300x{"MI300X", 192, 3180, 457};
const GpuCard kMi325x{"MI325X", 256, 3600, 457};

}  // namespace

std::vector<Deployment> Deployments() {
  return {
      {kLlama8b, kA100_80, 1, "bf16"},    {kLlama8b, kH100, 1, "bf16"},    {kLlama8b, kL4, 1, "fp8"},
      {kLlama8b, kL40s, 1, "fp8"},        {kLlama70b, kB200, 1, "fp8"},    {kLlama70b, kH100, 4, "bf16"},
      {kLlama70b, kH200, 2, "fp8"},       {kLlama70b, kMi300x, 2, "bf16"}, {kPhi4, kA100_40, 1, "bf16"},
      {kPhi4, kH100, 1, "bf16"},          {kPhi4, kH200, 1, "fp8"},        {kPhi4, kL40s, 1, "fp8"},
      {kMistral24b, kA100_80, 2, "bf16"}, {kMistral24b, kH100, 1, "fp8"},  {kMistral24b, kH100, 2, "bf16"},
      {kMistral24b, kL40s, 1, "int4"},    {kMixtral, kA100_80, 4, "bf16"}, {kMixtral, kH100, 2, "bf16"},
      {kMixtral, kH200, 1, "fp8"},        {kMixtral, kMi325x, 1, "bf16"},  {kQwen7b, kA10g, 1, "bf16"},
      {kQwen7b, kH100, 1, "fp8"},         {kQwen7b, kL4, 1, "fp8"},        {kQwen7b, kL40s, 1, "bf16"},
  };
}

Deployment SampleDeployment() { return {kLlama8b, kMi300x, 1, "fp8"}; }

}  // namespace loadline::demo
