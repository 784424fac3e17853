#pragma once

#include <nlohmann/json.hpp>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// True if `value` is one result of `vllm bench serve`, in ms or, as some
/// variants have it, in seconds.
bool IsVllmResult(const nlohmann::json& value);

/// Reads one result. Statistics that the summary lacks come from the arrays of
/// `--save-detailed`, where they are.
ImportedRow ReadVllmResult(const nlohmann::json& result, ItlFrom itl_from);

}  // namespace loadline::cli
