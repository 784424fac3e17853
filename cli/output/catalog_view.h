#pragma once

#include <ostream>

#include "cli/api.h"

/// The catalogue as tables made for people, at most 120 columns wide.
namespace loadline::cli {

void PrintModels(const catalog_api::ListModelsResponse& listing, std::ostream& out);
void PrintFoundModels(const benchmark_api::SearchModelsResponse& found, std::ostream& out);
void PrintHardware(const catalog_api::ListHardwareResponse& listing, std::ostream& out);
void PrintUseCases(const catalog_api::ListUseCasesResponse& listing, std::ostream& out);

}  // namespace loadline::cli
