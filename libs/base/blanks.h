#pragma once

#include <string_view>

namespace loadline::base {

/// `text` without the spaces and tabs at its ends, as lists in settings and
/// HTTP headers may have them.
constexpr std::string_view WithoutBlanks(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace loadline::base
