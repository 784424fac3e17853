#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/api.h"
#include "cli/commands/failure.h"

/// Arguments that several commands share. What they name is checked by the
/// services, which know more; here only their form is. A wrong form throws
/// CLI::ValidationError, which says what would be right.
namespace loadline::cli {

/// `text` as a number. `argument` names it in the error.
double ParseNumber(std::string_view text, const std::string& argument);

/// The same for a number without decimals.
int ParseWholeNumber(std::string_view text, const std::string& argument);

/// "H100=16": what is before and after the last `=`.
struct NameAndValue {
  std::string name;
  std::string value;
};

/// `form` shows what is right, such as "H100=16".
NameAndValue ParseNameAndValue(std::string_view text, const std::string& argument, std::string_view form);

/// An option with a number.
CLI::Option* AddNumber(CLI::App& command, const std::string& name, std::optional<double>* target,
                       const std::string& help);

/// An option with a number without decimals.
CLI::Option* AddWholeNumber(CLI::App& command, const std::string& name, std::optional<int>* target,
                            const std::string& help);

/// An option that may be repeated or have several values joined by commas.
CLI::Option* AddNames(CLI::App& command, const std::string& name, std::vector<std::string>* target,
                      const std::string& help);

/// --input-tokens and --output-tokens.
struct ShapeArguments {
  std::optional<double> input_tokens = {};
  std::optional<double> output_tokens = {};

  bool given() const { return input_tokens.has_value(); }
  benchmark_api::TrafficShape ToMessage() const;
};

/// Each of the two needs the other one.
void AddShape(CLI::App& command, ShapeArguments* shape, bool required);

/// --model, --hardware, ...: which benchmarks are meant.
struct FilterArguments {
  std::string model = {};
  std::string hardware = {};
  std::optional<int> hardware_count = {};
  std::string framework = {};
  std::string framework_version = {};
  std::string precision = {};

  benchmark_api::BenchmarkFilter ToMessage() const;
};

void AddFilter(CLI::App& command, FilterArguments* filter);

/// The arguments above, by the fields of a request that they set.
const ArgumentNames& FilterNames();

/// Puts `example` under the help of `command`.
void AddExample(CLI::App& command, const std::string& example);

}  // namespace loadline::cli
