#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/pages.h"
#include "cli/output/catalog_view.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

struct SearchArguments {
  std::vector<std::string> words = {};
  PageArguments pages = {.limit = 20};
};

const ArgumentNames& SearchNames() {
  static const ArgumentNames names = {{"query", "WORDS"}, {"page_size", "--limit"}, {"page_token", "--page-token"}};
  return names;
}

// What to do where nothing was found.
void PrintNone(const std::string& query, const benchmark_api::SearchModelsResponse& response, std::ostream& out) {
  out << fmt::format("No model matches `{}`.\n", Printable(query));
  if (!response.suggestions().empty()) {
    out << "Nearest: " << Printable(Join({response.suggestions().begin(), response.suggestions().end()})) << "\n";
  }
  out << "Try fewer words, or see all with `loadline list models`.\n";
}

ExitStatus Search(Session& session, const SearchArguments& arguments) {
  benchmark_api::SearchModelsRequest request;
  request.set_query(Join(arguments.words, " "));
  const auto found =
      FetchPages(Store(session), request, arguments.pages, [](auto* response) { return response->mutable_models(); });
  return Show(session, found, SearchNames(), [&](const auto& response, std::ostream& out) {
    if (response.models().empty()) return PrintNone(request.query(), response, out);
    PrintFoundModels(response, out);
    PrintMore(response.models_size(), response.next_page_token(), out);
  });
}

}  // namespace

void AddSearch(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("search", "Find models by words, however they are spelled");
  const auto arguments = std::make_shared<SearchArguments>();
  command->add_option("WORDS", arguments->words, "Words of its name, base model, architecture or tags")
      ->required()
      ->type_name("");
  AddPages(*command, &arguments->pages);
  AddExample(*command, "loadline search llama 70b instrct");
  command->callback(
      [&session, arguments] { session.command = [&session, arguments] { return Search(session, *arguments); }; });
}

}  // namespace loadline::cli
