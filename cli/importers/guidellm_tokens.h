#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// Reads what GuideLLM was told to send into the nominal length, deviation and
/// limits of both sides: an object, such text as
/// "prompt_tokens=1024,prompt_tokens_min=512,output_tokens=256", or such an
/// object as text. Anything else, such as the name of a data set, says nothing
/// of lengths. Numbers that are none are added to `problems`.
void ReadGuidellmTokens(const nlohmann::json& data, domain::TokenLengths& input, domain::TokenLengths& output,
                        std::vector<std::string>& problems);

}  // namespace loadline::cli
