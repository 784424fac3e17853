#include <memory>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/output/prediction_view.h"

namespace loadline::cli {
namespace {

struct PredictArguments {
  ShapeArguments shape = {};
  FilterArguments configuration = {};
  std::optional<double> rps = {};
  std::optional<double> concurrency = {};
  std::optional<double> confidence = {};
};

const ArgumentNames& Names() {
  static const ArgumentNames names = {{"shape", "--input-tokens and --output-tokens"},
                                      {"shape.input_tokens", "--input-tokens"},
                                      {"shape.output_tokens", "--output-tokens"},
                                      {"configuration", "--model"},
                                      {"configuration.model_hf_repo", "--model"},
                                      {"configuration.hardware", "--hardware"},
                                      {"configuration.hardware_count", "--hardware-count"},
                                      {"requests_per_second", "--rps"},
                                      {"concurrency", "--concurrency"},
                                      {"confidence", "--confidence"}};
  return names;
}

void SetConfiguration(const FilterArguments& arguments, benchmark_api::Configuration* configuration) {
  configuration->set_model_hf_repo(arguments.model);
  configuration->set_precision(arguments.precision);
  configuration->set_hardware(arguments.hardware);
  configuration->set_hardware_count(arguments.hardware_count.value_or(0));
  configuration->set_framework(arguments.framework);
  configuration->set_framework_version(arguments.framework_version);
}

ExitStatus Predict(Session& session, const PredictArguments& arguments) {
  planner_api::PredictPerformanceRequest request;
  SetConfiguration(arguments.configuration, request.mutable_configuration());
  *request.mutable_shape() = arguments.shape.ToMessage();
  if (arguments.rps) request.set_requests_per_second(*arguments.rps);
  if (arguments.concurrency) request.set_concurrency(*arguments.concurrency);
  if (arguments.confidence) request.set_confidence(*arguments.confidence);
  return Show(session, Planner(session).Send(request), Names(), PrintPrediction);
}

void AddLoad(CLI::App& command, PredictArguments* arguments) {
  auto* load = command.add_option_group("Load", "The load of one replica");
  AddNumber(*load, "--rps", &arguments->rps, "Requests/s that arrive");
  AddNumber(*load, "--concurrency", &arguments->concurrency, "Mean requests in flight");
  load->require_option(1);
}

}  // namespace

void AddPredict(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("predict", "Tell the latencies of one replica at some load");
  const auto arguments = std::make_shared<PredictArguments>();
  AddFilter(*command, &arguments->configuration);
  command->get_option("--model")->required();
  AddShape(*command, &arguments->shape, true);
  AddLoad(*command, arguments.get());
  AddNumber(*command, "--confidence", &arguments->confidence,
            "Each latency stays below its range's end with this probability (default 0.9)");
  AddExample(*command,
             "loadline predict --model meta-llama/llama-3.1-8b-instruct --hardware H100 --hardware-count 1 \\\n"
             "    --input-tokens 600 --output-tokens 200 --rps 4");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return Predict(session, *arguments); }; });
}

}  // namespace loadline::cli
