#pragma once

#include <nlohmann/json.hpp>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store {

/// A row as backends keep it, without its revision: the measurement's fields,
/// `location` and `reasons`.
nlohmann::json WriteQuarantined(const QuarantinedRow& row);

/// Reads what `WriteQuarantined` wrote; what is not there is empty. `document`
/// must be an object.
QuarantinedRow ReadQuarantined(const nlohmann::json& document);

}  // namespace loadline::store
