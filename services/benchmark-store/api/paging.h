#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/wire/page_token.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

/// Pages of list methods: requests have `page_size` and `page_token`, responses
/// `next_page_token`.
namespace loadline::store {

/// What must be the same on all pages: the method and all of the request but
/// where the page starts and how long it is.
template <typename Request>
std::string QueryOf(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return request.GetDescriptor()->full_name() + ":" + request.SerializeAsString();
}

/// The page that `request` asks for; later pages are read at the revision of
/// the first, which is `revision` (0: the newest).
template <typename Request>
base::Result<PageRequest> PageFrom(const Request& request, domain::Revision revision = 0) {
  LOADLINE_ASSIGN_OR_RETURN(const auto size, wire::PageSize(request.page_size()));
  if (request.page_token().empty()) return PageRequest{.size = size, .revision = revision};
  LOADLINE_ASSIGN_OR_RETURN(auto position, wire::DecodePageToken(request.page_token(), QueryOf(request)));
  return PageRequest{.size = size, .after = std::move(position.after), .revision = position.revision};
}

/// The token of the page after one that ended with `next`; "" if that was the
/// last.
template <typename Request>
std::string NextPageToken(const Request& request, const std::string& next, domain::Revision revision) {
  if (next.empty()) return "";
  return wire::EncodePageToken({.revision = revision, .after = next}, QueryOf(request));
}

/// gRPC clients take 4 MiB in one message, unless told otherwise.
inline constexpr std::size_t kMaxPageBytes = 3 << 20;

/// Fills `response` by `fill(page)`, asking for ever shorter pages until it is
/// a message that every client takes.
template <typename Response, typename Fill>
base::Status FillPage(PageRequest page, Response& response, const Fill& fill) {
  while (true) {
    LOADLINE_RETURN_IF_ERROR(fill(page));
    if (response.ByteSizeLong() <= kMaxPageBytes || page.size == 1) return {};
    page.size /= 2;
    response.Clear();
  }
}

/// Adds a page of `values`, which are in order of `name`, to the response by
/// `add(value)`, and returns the token of the next page.
template <typename Request, typename T, typename Name, typename Add>
base::Result<std::string> AddPage(const Request& request, const std::vector<T>& values, Name name,
                                  domain::Revision revision, const Add& add) {
  LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(request));
  auto next = page.after.empty() ? values.begin()
                                 : std::partition_point(values.begin(), values.end(),
                                                        [&](const T& value) { return value.*name <= page.after; });
  const auto last = values.end() - next > page.size ? next + page.size : values.end();
  for (; next != last; ++next) add(*next);
  return NextPageToken(request, last == values.end() ? "" : (*std::prev(last)).*name, revision);
}

}  // namespace loadline::store
