#pragma once

#include <cstddef>
#include <string_view>

namespace loadline::cli {

/// How many bytes from the start of `text` are well-formed UTF-8: all of them,
/// or those before the first character that is not.
std::size_t ValidUtf8Prefix(std::string_view text);

}  // namespace loadline::cli
