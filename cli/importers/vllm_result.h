#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// True if `value` is one result of `vllm bench serve`, in ms or, as some
/// variants have it, in seconds.
bool IsVllmResult(const nlohmann::json& value);

/// Reads one result. Statistics that the summary lacks come from the arrays of
/// `--save-detailed`, where they are. ITL is replaced by TPOT where the gaps
/// were those of chunks with several tokens; TPOT is kept beside it.
ImportedRow ReadVllmResult(const nlohmann::json& result);

/// The model's repository: "org/name" from a cache path such as
/// ".../models--org--name/snapshots/<hash>", "" from any other path, else
/// `model_id` itself.
std::string ModelOfVllm(std::string_view model_id);

}  // namespace loadline::cli
