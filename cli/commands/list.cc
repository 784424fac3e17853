#include <memory>
#include <string>
#include <vector>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/pages.h"
#include "cli/output/benchmark_view.h"
#include "cli/output/catalog_view.h"

namespace loadline::cli {
namespace {

struct ListArguments {
  PageArguments pages = {};
  FilterArguments filter = {};
  ShapeArguments shape = {};
  catalog_api::ListModelsRequest models = {};
  std::vector<std::string> tags = {};

  benchmark_api::BenchmarkFilter Filter() const;
};

benchmark_api::BenchmarkFilter ListArguments::Filter() const {
  auto message = filter.ToMessage();
  if (shape.given()) *message.mutable_shape() = shape.ToMessage();
  return message;
}

// Prints a list with `print`, and how to go on where there is more or nothing.
template <typename Response, typename Print>
void PrintList(const Response& response, int count, Print print, std::ostream& out) {
  if (count == 0) {
    out << "There are none.\n";
    return;
  }
  print(response, out);
  PrintMore(count, response.next_page_token(), out);
}

// Adds `loadline list <name>`, which asks with the request that `make` returns.
template <typename Make, typename Rows, typename Print>
CLI::App* AddOne(CLI::App& list, Session& session, const std::string& name, const std::string& help,
                 const std::shared_ptr<ListArguments>& arguments, Make make, Rows rows, Print print) {
  CLI::App* command = list.add_subcommand(name, help);
  AddPages(*command, &arguments->pages);
  AddExample(*command, "loadline list " + name + " --limit 20");
  const auto run = [&session, arguments, make, rows, print] {
    const auto listing = FetchPages(Store(session), make(*arguments), arguments->pages, rows);
    return Show(session, listing, FilterNames(), [&](auto response, std::ostream& out) {
      const int count = rows(&response)->size();
      PrintList(response, count, print, out);
    });
  };
  command->callback([&session, run] { session.command = run; });
  return command;
}

template <typename Request>
auto Empty() {
  return [](const ListArguments&) { return Request(); };
}

template <typename Request>
auto Filtered() {
  return [](const ListArguments& arguments) {
    Request request;
    *request.mutable_filter() = arguments.Filter();
    return request;
  };
}

void AddFiltered(CLI::App* command, ListArguments* arguments, const std::string& example) {
  AddFilter(*command, &arguments->filter);
  AddShape(*command, &arguments->shape, false);
  AddExample(*command, example);
}

void AddConfigurations(CLI::App& list, Session& session) {
  const auto arguments = std::make_shared<ListArguments>();
  auto* command = AddOne(
      list, session, "configurations", "What was measured: model, GPUs, framework and shapes", arguments,
      Filtered<benchmark_api::ListConfigurationsRequest>(),
      [](auto* response) { return response->mutable_configurations(); }, PrintConfigurations);
  AddFiltered(command, arguments.get(), "loadline list configurations --hardware H100");
}

void AddBenchmarks(CLI::App& list, Session& session) {
  const auto arguments = std::make_shared<ListArguments>();
  auto* command = AddOne(
      list, session, "benchmarks", "Measured results, one for each load", arguments,
      Filtered<benchmark_api::ListBenchmarksRequest>(), [](auto* response) { return response->mutable_benchmarks(); },
      PrintBenchmarks);
  AddFiltered(command, arguments.get(),
              "loadline list benchmarks --hardware H100 --input-tokens 512 --output-tokens 256 --limit 20");
}

catalog_api::ListModelsRequest ModelsRequest(const ListArguments& arguments) {
  auto request = arguments.models;
  request.mutable_tags()->Assign(arguments.tags.begin(), arguments.tags.end());
  return request;
}

void AddModels(CLI::App& list, Session& session) {
  const auto arguments = std::make_shared<ListArguments>();
  auto* command = AddOne(
      list, session, "models", "Models that are known or have benchmarks", arguments, ModelsRequest,
      [](auto* response) { return response->mutable_models(); }, PrintModels);
  auto* request = &arguments->models;
  command->add_option("--architecture", *request->mutable_architecture(), "Only this architecture, such as llama")
      ->type_name("NAME");
  AddNames(*command, "--tag", &arguments->tags, "Only models with all of these tags, such as moe");
  command->add_option("--use-case", *request->mutable_use_case(), "Only models that suit it, such as chatbot")
      ->type_name("NAME");
  AddExample(*command, "loadline list models --tag moe --use-case research_analysis");
}

void AddHardwareList(CLI::App& list, Session& session) {
  AddOne(
      list, session, "hardware", "GPU types with their memory and prices", std::make_shared<ListArguments>(),
      Empty<catalog_api::ListHardwareRequest>(), [](auto* response) { return response->mutable_hardware(); },
      PrintHardware);
}

void AddUseCases(CLI::App& list, Session& session) {
  AddOne(
      list, session, "use-cases", "Kinds of applications with their traffic and SLO", std::make_shared<ListArguments>(),
      Empty<catalog_api::ListUseCasesRequest>(), [](auto* response) { return response->mutable_use_cases(); },
      PrintUseCases);
}

void AddQuarantined(CLI::App& list, Session& session) {
  AddOne(
      list, session, "quarantined", "Rows that import refused, and why", std::make_shared<ListArguments>(),
      Empty<benchmark_api::ListQuarantinedRequest>(), [](auto* response) { return response->mutable_rows(); },
      PrintQuarantined);
}

}  // namespace

void AddList(CLI::App& app, Session& session) {
  CLI::App* list = app.add_subcommand("list", "List what benchmark-store holds");
  list->require_subcommand(1);
  AddExample(*list, "loadline list configurations --model llama-3.1-8b-instruct");
  AddModels(*list, session);
  AddConfigurations(*list, session);
  AddBenchmarks(*list, session);
  AddHardwareList(*list, session);
  AddUseCases(*list, session);
  AddQuarantined(*list, session);
}

}  // namespace loadline::cli
