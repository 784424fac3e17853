#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::cli {

/// Columns that `text` takes on a terminal: wide characters take two, combining
/// ones none. A byte that is not UTF-8 takes one.
std::size_t DisplayWidth(std::string_view text);

/// `text` without anything that could steer a terminal: control characters but
/// the line break, and those that turn the direction of writing, become `?`.
/// Names in reports are other people's text.
std::string Printable(std::string_view text);

/// The lines of `text`; at least one.
std::vector<std::string> SplitLines(std::string_view text);

/// `line` in pieces of at most `width` columns, broken after a space where
/// there is one, else after punctuation, else anywhere. `width` is at least 2.
std::vector<std::string> Wrap(std::string_view line, std::size_t width);

/// `items` as "a, b, c".
std::string Join(const std::vector<std::string>& items, std::string_view separator = ", ");

}  // namespace loadline::cli
