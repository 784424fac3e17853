#pragma once

#include <memory>

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/curve_index.h"

namespace loadline::store::postgres {

/// `previous` with what the database has beside it.
base::Result<std::shared_ptr<const CurveIndex>> ReadCurves(Connection& connection, const CurveIndex& previous,
                                                           const CallScope& scope);

}  // namespace loadline::store::postgres
