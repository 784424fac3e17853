#pragma once

#include <optional>
#include <string_view>

namespace loadline::cli {

/// Milliseconds in one `unit` of time: "ns", "us", "ms", "s" and the like, also
/// per token ("s/token"); nullopt for any other.
std::optional<double> MsPer(std::string_view unit);

}  // namespace loadline::cli
