#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "libs/domain/benchmark.h"

namespace loadline::json {

/// How the numbers of `object`, a row or the metadata of a file, say they came
/// to be; nullopt where they say nothing. Flags such as `estimated: true`
/// count, and the words of `source`, `estimation_method`, `generation_method`
/// and `method`: "synthetic", "simulat..." or "BLIS", "interpol...",
/// "estimat...". Descriptions are prose and do not count. What is estimated by
/// interpolation is interpolated.
std::optional<domain::Origin> StatedOrigin(const nlohmann::json& object);

}  // namespace loadline::json
