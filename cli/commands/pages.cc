#include "cli/commands/pages.h"

#include <fmt/format.h>

#include "cli/commands/arguments.h"

namespace loadline::cli {
namespace {

void SetLimit(PageArguments* pages, const std::string& text) {
  const int limit = ParseWholeNumber(text, "--limit");
  if (limit < 0) throw CLI::ValidationError("--limit", "`" + text + "` is negative; give 0 to list everything");
  pages->limit = limit;
}

}  // namespace

void AddPages(CLI::App& command, PageArguments* pages) {
  const auto set_limit = [=](const std::string& text) { SetLimit(pages, text); };
  command
      .add_option_function<std::string>("--limit", set_limit,
                                        fmt::format("List at most this many, 0 for all (default {})", pages->limit))
      ->type_name("COUNT");
  command.add_option("--page-token", pages->token, "Continue the list that ended with this token")->type_name("TOKEN");
}

void PrintMore(int count, const std::string& token, std::ostream& out) {
  if (token.empty()) return;
  out << fmt::format("\n{} listed; more follow. Raise --limit (0 lists all), or go on with --page-token {}\n", count,
                     token);
}

}  // namespace loadline::cli
