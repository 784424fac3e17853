#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/catalog.h"

namespace loadline::json {

/// The documents data/hardware.json, data/models.json and data/use_cases.json;
/// their shapes are in data/schemas/. Every reader fails with
/// `kInvalidArgument` and a violation for each offending element, such as
/// `hardware[3].prices[0].usd_per_gpu_hour`.
base::Result<std::vector<domain::Hardware>> ReadHardware(const nlohmann::json& document);
base::Result<std::vector<domain::Model>> ReadModels(const nlohmann::json& document);
base::Result<std::vector<domain::UseCase>> ReadUseCases(const nlohmann::json& document);

/// What the catalogue says besides, as a JSON object of texts; `text` must be
/// what `WriteAnnotations` wrote. Other values are left out.
domain::Annotations ReadAnnotations(std::string_view text);
std::string WriteAnnotations(const domain::Annotations& annotations);

/// The array that `ReadHardware` finds under "hardware".
nlohmann::json WriteHardware(const std::vector<domain::Hardware>& hardware);
/// The same for "models" and "use_cases". Counts of a model are left out.
nlohmann::json WriteModels(const std::vector<domain::Model>& models);
nlohmann::json WriteUseCases(const std::vector<domain::UseCase>& use_cases);

}  // namespace loadline::json
