#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Reads what GuideLLM was told to send into the nominal length, deviation and
/// limits of both sides of `row`: an object, such text as
/// "prompt_tokens=1024,prompt_tokens_min=512,output_tokens=256", or such an
/// object as text. Anything else, such as the name of a data set, says nothing
/// of lengths. `path` is where `data` stands, for messages.
void ReadGuidellmTokens(const nlohmann::json& data, const std::string& path, ImportedRow& row);

}  // namespace loadline::cli
