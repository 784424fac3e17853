#pragma once

#include <vector>

#include "libs/domain/catalog.h"
#include "services/benchmark-store/repository/postgres/connection.h"

/// The catalogue's models, in `models` and `model_use_cases`.
namespace loadline::store::postgres {

/// In order of name.
base::Result<std::vector<domain::Model>> ReadModels(Connection& connection, const CallScope& scope);

/// Adds the model, or replaces what is known of it, but for its use cases.
base::Status PutModel(Connection& connection, const domain::Model& model, const CallScope& scope);

/// Replaces the use cases that the model suits. Call when it and they are there.
base::Status PutModelUseCases(Connection& connection, const domain::Model& model, const CallScope& scope);

}  // namespace loadline::store::postgres
