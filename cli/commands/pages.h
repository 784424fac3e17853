#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>
#include <string>

#include "cli/commands/session.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// How much of a list is wanted.
struct PageArguments {
  /// At most this many; 0 for everything.
  int limit = 100;
  /// Where an earlier list stopped.
  std::string token = {};
};

/// --limit, whose default is the limit that `pages` has, and --page-token.
void AddPages(CLI::App& command, PageArguments* pages);

/// How to go on after `count` rows; nothing where `token` is empty.
void PrintMore(int count, const std::string& token, std::ostream& out);

/// The largest page that the services send.
inline constexpr int kLargestPage = 1000;

/// Asks for page after page until `wanted.limit` is reached, and returns the
/// last answer with the rows of all pages. `rows(&response)` is its list. Where
/// rows beyond the limit had to be dropped, no token can continue the list, and
/// it is empty.
template <typename Request, typename Rows>
auto FetchPages(const StoreClient& store, Request request, const PageArguments& wanted, Rows rows)
    -> decltype(store.Send(request)) {
  request.set_page_size(wanted.limit == 0 ? kLargestPage : std::min(wanted.limit, kLargestPage));
  request.set_page_token(wanted.token);
  LOADLINE_ASSIGN_OR_RETURN(auto answer, store.Send(request));
  auto collected = *rows(&answer);
  while (!answer.next_page_token().empty() && (wanted.limit == 0 || collected.size() < wanted.limit)) {
    request.set_page_token(answer.next_page_token());
    LOADLINE_ASSIGN_OR_RETURN(answer, store.Send(request));
    collected.MergeFrom(*rows(&answer));
  }
  if (wanted.limit > 0 && collected.size() > wanted.limit) {
    collected.DeleteSubrange(wanted.limit, collected.size() - wanted.limit);
    answer.clear_next_page_token();
  }
  rows(&answer)->Swap(&collected);
  return answer;
}

}  // namespace loadline::cli
