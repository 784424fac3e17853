#include "cli/importers/inference_perf/manifests.h"

#include <algorithm>
#include <optional>
#include <string>

#include "cli/importers/identity.h"
#include "cli/importers/row_reader.h"
#include "cli/importers/yaml.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// GPUs of other vendors are asked for under other names.
const Pointers kGpus = {"/resources/limits/nvidia.com~1gpu", "/resources/requests/nvidia.com~1gpu",
                        "/resources/limits/amd.com~1gpu", "/resources/requests/amd.com~1gpu"};

/// The value of an environment variable of `container`.
std::string EnvironmentOf(const Json& container, const std::string& name) {
  const Json* variables = ValueAt(container, "/env");
  if (variables == nullptr || !variables->is_array()) return {};
  for (const Json& variable : *variables) {
    if (FirstTextAt(variable, {"/name"}) == name) return FirstTextAt(variable, {"/value"});
  }
  return {};
}

/// "$(MODEL_ID)" as what the variable holds.
std::string Expanded(const std::string& text, const Json& container) {
  const bool is_variable = text.starts_with("$(") && text.ends_with(')');
  return is_variable ? EnvironmentOf(container, text.substr(2, text.size() - 3)) : text;
}

/// The value of the argument `name`, as "--name=value" or as the next one.
std::string ArgumentOf(const Json& container, const std::string& name) {
  const Json* arguments = ValueAt(container, "/args");
  if (arguments == nullptr || !arguments->is_array()) return {};
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    const std::string index = "/" + std::to_string(i);
    const std::string argument = FirstTextAt(*arguments, {index});
    if (argument.starts_with(name + "=")) return Expanded(argument.substr(name.size() + 1), container);
    if (argument == name) return Expanded(FirstTextAt(*arguments, {"/" + std::to_string(i + 1)}), container);
  }
  return {};
}

/// The GPU type among the labels that nodes must have.
std::string HardwareOf(const Json& pod) {
  const Json* selector = ValueAt(pod, "/nodeSelector");
  if (selector == nullptr || !selector->is_object()) return {};
  for (const auto& [label, value] : selector->items()) {
    const bool names_gpu = label.find("accelerator") != std::string::npos || label.ends_with("gpu.product");
    if (names_gpu && value.is_string()) return value.get<std::string>();
  }
  return {};
}

int GpusOf(const Json& container) {
  constexpr std::int64_t kMaxGpus = 100'000;
  const Json* asked = FirstAt(container, kGpus);
  auto count = asked == nullptr ? std::nullopt : json::CountIn(*asked);
  const auto ways = [&](const char* argument) { return json::CountIn(Json(ArgumentOf(container, argument))); };
  if (!count) count = ways("--tensor-parallel-size");
  if (!count || *count <= 0 || *count > kMaxGpus) return 0;
  // A pod asks for all its GPUs at once; the ways of parallelism are factors.
  const auto stages = asked == nullptr ? ways("--pipeline-parallel-size").value_or(1) : 1;
  return stages > 0 && stages <= kMaxGpus / *count ? static_cast<int>(*count * stages) : 0;
}

std::optional<domain::Configuration> ConfigurationOf(const Json& pod) {
  const Json* containers = ValueAt(pod, "/containers");
  if (containers == nullptr || !containers->is_array()) return std::nullopt;
  for (const Json& container : *containers) {
    const std::string image = FirstTextAt(container, {"/image"});
    const std::string engine = EngineOfImage(image);
    if (engine.empty()) continue;
    return domain::Configuration{.model = ArgumentOf(container, "--model"),
                                 .precision = ArgumentOf(container, "--quantization"),
                                 .hardware = HardwareOf(pod),
                                 .hardware_count = GpusOf(container),
                                 .framework = engine,
                                 .framework_version = VersionOfImage(image)};
  }
  return std::nullopt;
}

}  // namespace

domain::Configuration ConfigurationOfManifests(std::string_view yaml) {
  domain::Configuration nothing;
  nothing.hardware_count = 0;
  const auto documents = ParseYamlDocuments(yaml);
  if (!documents) return nothing;
  for (const Json& document : *documents) {
    const Json* pod = ValueAt(document, "/spec/template/spec");
    const auto configuration = pod == nullptr ? std::nullopt : ConfigurationOf(*pod);
    if (configuration) return *configuration;
  }
  return nothing;
}

}  // namespace loadline::cli
