#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadline::base {

/// The up to `count` of `known` that look most like `name`, best first: names
/// that contain it, then those within an edit distance of half its length.
/// Case-insensitive. Ties are in alphabetical order.
std::vector<std::string> ClosestNames(std::string_view name, const std::vector<std::string>& known,
                                      std::size_t count = 3);

/// " Did you mean `a`, `b` or `c`?", or "" where nothing is close.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& known);

}  // namespace loadline::base
