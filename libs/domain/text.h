#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadline::domain {

/// ASCII lower case.
std::string Lower(std::string_view text);

/// Without the ASCII white space at both ends.
std::string_view Trim(std::string_view text);

/// True when ASCII letters are the same but for case. Allocates nothing.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

/// The lower-case words of a name. Separators are space, `-`, `_`, `/`, `,`,
/// brackets and any dot that is not a decimal point: "Qwen2.5-7B.w4a16" is
/// {"qwen2.5", "7b", "w4a16"}.
std::vector<std::string> NameWords(std::string_view name);

/// True when `words` are the words of `name`. Allocates nothing.
bool HasNameWords(std::string_view name, const std::vector<std::string>& words);

/// `text` in backquotes for a message: at most 40 bytes of it, and everything
/// but printable ASCII as \xNN, so that any bytes are safe to show.
std::string Quoted(std::string_view text);

/// True when there are no control characters.
bool IsPrintable(std::string_view text);

}  // namespace loadline::domain
