#include "cli/commands/arguments.h"

#include <fmt/format.h>

#include <charconv>

namespace loadline::cli {
namespace {

// Reads all of `text` into `value`.
template <typename Number>
bool ReadWhole(std::string_view text, Number* value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, *value);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

double ParseNumber(std::string_view text, const std::string& argument) {
  double number = 0;
  if (ReadWhole(text, &number)) return number;
  throw CLI::ValidationError(argument, fmt::format("`{}` is not a number; write it as 20 or 0.5", text));
}

int ParseWholeNumber(std::string_view text, const std::string& argument) {
  int number = 0;
  if (ReadWhole(text, &number)) return number;
  throw CLI::ValidationError(argument, fmt::format("`{}` is not a whole number; write it as 8", text));
}

NameAndValue ParseNameAndValue(std::string_view text, const std::string& argument, std::string_view form) {
  const auto equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    throw CLI::ValidationError(argument, fmt::format("`{}` is incomplete; write it as {}", text, form));
  }
  return {.name = std::string(text.substr(0, equals)), .value = std::string(text.substr(equals + 1))};
}

CLI::Option* AddNumber(CLI::App& command, const std::string& name, std::optional<double>* target,
                       const std::string& help) {
  const auto set = [=](const std::string& text) { *target = ParseNumber(text, name); };
  return command.add_option_function<std::string>(name, set, help)->type_name("NUMBER");
}

CLI::Option* AddWholeNumber(CLI::App& command, const std::string& name, std::optional<int>* target,
                            const std::string& help) {
  const auto set = [=](const std::string& text) { *target = ParseWholeNumber(text, name); };
  return command.add_option_function<std::string>(name, set, help)->type_name("COUNT");
}

CLI::Option* AddNames(CLI::App& command, const std::string& name, std::vector<std::string>* target,
                      const std::string& help) {
  return command.add_option(name, *target, help)->allow_extra_args(false)->delimiter(',')->type_name("NAME");
}

benchmark_api::TrafficShape ShapeArguments::ToMessage() const {
  benchmark_api::TrafficShape shape;
  shape.set_input_tokens(input_tokens.value_or(0));
  shape.set_output_tokens(output_tokens.value_or(0));
  return shape;
}

void AddShape(CLI::App& command, ShapeArguments* shape, bool required) {
  auto* input = AddNumber(command, "--input-tokens", &shape->input_tokens, "Mean input tokens of a request");
  auto* output = AddNumber(command, "--output-tokens", &shape->output_tokens, "Mean output tokens of a request");
  input->required(required)->needs(output);
  output->required(required)->needs(input);
}

benchmark_api::BenchmarkFilter FilterArguments::ToMessage() const {
  benchmark_api::BenchmarkFilter filter;
  filter.set_model_hf_repo(model);
  filter.set_hardware(hardware);
  if (hardware_count) filter.set_hardware_count(*hardware_count);
  filter.set_framework(framework);
  filter.set_framework_version(framework_version);
  filter.set_precision(precision);
  return filter;
}

void AddFilter(CLI::App& command, FilterArguments* filter) {
  command.add_option("--model", filter->model, "Only this model")->type_name("NAME");
  command.add_option("--hardware", filter->hardware, "Only this GPU type, such as H100")->type_name("NAME");
  AddWholeNumber(command, "--hardware-count", &filter->hardware_count, "Only this many GPUs per replica");
  command.add_option("--framework", filter->framework, "Only this framework, such as vllm")->type_name("NAME");
  command.add_option("--framework-version", filter->framework_version, "Only this version of it")->type_name("TEXT");
  command.add_option("--precision", filter->precision, "Only this precision, such as fp8")->type_name("NAME");
}

const ArgumentNames& FilterNames() {
  static const ArgumentNames names = {{"shape", "--input-tokens and --output-tokens"},
                                      {"shape.input_tokens", "--input-tokens"},
                                      {"shape.output_tokens", "--output-tokens"},
                                      {"filter.shape", "--input-tokens and --output-tokens"},
                                      {"filter.shape.input_tokens", "--input-tokens"},
                                      {"filter.shape.output_tokens", "--output-tokens"},
                                      {"filter.model_hf_repo", "--model"},
                                      {"filter.hardware", "--hardware"},
                                      {"filter.hardware_count", "--hardware-count"},
                                      {"filter.framework", "--framework"},
                                      {"filter.framework_version", "--framework-version"},
                                      {"filter.precision", "--precision"},
                                      {"requests_per_second", "--rps"},
                                      {"page_size", "--limit"},
                                      {"page_token", "--page-token"},
                                      {"id", "BENCHMARK_ID"}};
  return names;
}

void AddExample(CLI::App& command, const std::string& example) {
  command.footer("Example:\n  " + example + "\n\nGlobal options (loadline --help) may stand before or after.\n");
}

}  // namespace loadline::cli
