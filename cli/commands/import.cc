#include <map>
#include <memory>
#include <string>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/import_run.h"

namespace loadline::cli {
namespace {

void AddOverrides(CLI::App& command, ImportOverrides* overrides) {
  command.add_option("--model", overrides->model, "The model, as its Hugging Face repository")->type_name("NAME");
  command.add_option("--hardware", overrides->hardware, "The GPU type, such as H100")->type_name("NAME");
  AddWholeNumber(command, "--hardware-count", &overrides->hardware_count, "GPUs per replica");
  command.add_option("--framework", overrides->framework, "The inference framework, such as vllm")->type_name("NAME");
  command.add_option("--framework-version", overrides->framework_version, "Its version")->type_name("TEXT");
  command.add_option("--precision", overrides->precision, "The precision of the weights, such as fp8")
      ->type_name("NAME");
  AddNumber(command, "--prompt-tokens", &overrides->prompt_tokens, "Input tokens that were asked for");
  AddNumber(command, "--output-tokens", &overrides->output_tokens, "Output tokens that were asked for");
}

void AddReading(CLI::App& command, ImportArguments* arguments) {
  static const std::map<std::string, ItlFrom> kItlFrom = {
      {"auto", ItlFrom::kAuto}, {"tpot", ItlFrom::kTpot}, {"itl", ItlFrom::kGaps}};
  command
      .add_option_function<std::string>(
          "--from-path",
          [=](const std::string& expression) {
            auto pattern = PathPattern::Parse(expression);
            if (!pattern) throw CLI::ValidationError("--from-path", pattern.error().violations.front().description);
            arguments->from_path = *std::move(pattern);
          },
          "Regular expression whose named groups are settings, such as '(?<hardware>[^/_]+)_tp(?<tp>[0-9]+)'")
      ->type_name("REGEX");
  command
      .add_option_function<std::string>(
          "--itl-from", [=](const std::string& text) { arguments->options.itl_from = kItlFrom.at(text); },
          "What ITL is where a report has TPOT and gaps between chunks (default auto)")
      ->check(CLI::IsMember({"auto", "tpot", "itl"}))
      ->type_name("auto|tpot|itl");
}

}  // namespace

void AddImport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("import", "Import benchmark reports");
  const auto arguments = std::make_shared<ImportArguments>();
  command
      ->add_option("PATH", arguments->paths,
                   "Reports, folders of them, or patterns: GuideLLM, vLLM, SGLang, AIPerf, GenAI-Perf, inference-perf, "
                   "InferenceMAX, llm-d, LLMPerf, Prism, exported summaries (JSON, CSV or SQL)")
      ->required()
      ->type_name("");
  AddOverrides(*command, &arguments->options.overrides);
  AddReading(*command, arguments.get());
  command->add_flag("--dry-run", arguments->dry_run, "Show and judge the rows, but store nothing");
  command->add_flag("--explain", arguments->options.explain, "Show which field of a report each number comes from");
  AddExample(*command,
             "loadline import runs/ --hardware H100 --hardware-count 2 --framework vllm --dry-run\n\n"
             "A meta.yaml beside reports may name hardware, hardware_count, framework, ... for all of them.");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return RunImport(session, *arguments); }; });
}

}  // namespace loadline::cli
