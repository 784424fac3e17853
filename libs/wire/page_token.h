#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::wire {

/// Where the next page starts.
struct PagePosition {
  /// The revision that all pages are read at.
  std::int64_t revision = 0;
  /// Opaque to the token: what the last page ended with.
  std::string after;

  friend bool operator==(const PagePosition&, const PagePosition&) = default;
};

/// A token: base64url of the position and a digest of `query`. `query` is
/// everything that must stay the same between pages, in any stable form. A
/// token grants nothing and holds no secret.
std::string EncodePageToken(const PagePosition& position, std::string_view query);

/// Fails with `kInvalidArgument` on `field` if `token` is damaged or was made
/// for another query.
base::Result<PagePosition> DecodePageToken(std::string_view token, std::string_view query,
                                           std::string_view field = "page_token");

/// The number of elements on a page: 0 becomes `fallback`, more than `cap`
/// becomes `cap`. Fails on `field` if negative.
base::Result<int> PageSize(int requested, int fallback = 100, int cap = 1000, std::string_view field = "page_size");

}  // namespace loadline::wire
