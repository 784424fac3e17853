#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace loadline::json {

/// All of `text` as a number; blanks around it and a plus sign are fine.
/// "inf" and "nan" are numbers here.
std::optional<double> NumberInText(std::string_view text);

/// A number, or a text that is one.
std::optional<double> NumberIn(const nlohmann::json& value);

/// A whole number, or a text that is one.
std::optional<std::int64_t> CountIn(const nlohmann::json& value);

/// The value as JSON for a message, cut to the length of a line.
std::string Quoted(const nlohmann::json& value);

}  // namespace loadline::json
