#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.h"

/// How several tools write models, engines and times.
namespace loadline::cli {

/// The model's repository: "org/name" from a cache path such as
/// ".../models--org--name/snapshots/<hash>", "" from any other path, else
/// `model_id` itself.
std::string ModelFromPath(std::string_view model_id);

/// "v0.11.0" of "registry/vllm/vllm-openai:v0.11.0"; "" where the tag says
/// nothing, such as `latest`. `#` may stand for `/`.
std::string VersionOfImage(std::string_view image);

/// "vllm" of "registry/vllm/vllm-openai:v0.11.0": the engine that an image is
/// known to hold; "" for any other.
std::string EngineOfImage(std::string_view image);

/// The time that "20260301-123000" names: the local time of a machine that is
/// not known, read as UTC.
std::optional<base::Timestamp> ParseCompactTime(std::string_view text);

}  // namespace loadline::cli
