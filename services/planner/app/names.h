#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/planner/evidence/view.h"

namespace loadline::planner {

/// The canonical names of `asked` models, sorted and without repeats. Fails
/// with `kNotFound` (`UNKNOWN_MODEL`), suggesting the closest, at the first
/// that neither has benchmarks nor is in the catalogue.
base::Result<std::vector<std::string>> ResolveModels(const View& view, const std::vector<std::string>& asked);

/// Names hardware: by the catalogue, or else as benchmarks of `evidence` do,
/// for what is measured need not be in the catalogue. `evidence` may be null.
std::optional<std::string> ResolveHardware(const Catalog& catalog, const ModelList* evidence, std::string_view asked);

/// What hardware can be asked for, sorted.
std::vector<std::string> KnownHardware(const Catalog& catalog, const ModelList& evidence);

base::Error UnknownModel(const View& view, const std::string& asked);
base::Error UnknownHardware(const Catalog& catalog, const ModelList& evidence, const std::string& asked);
base::Error UnknownUseCase(const Catalog& catalog, const std::string& asked);

}  // namespace loadline::planner
