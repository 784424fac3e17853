#pragma once

#include <chrono>

namespace loadline::store::postgres {

/// The first and the last month of measured_at that have a partition of their
/// own; all others, and what has no time, are in the default partition.
inline constexpr std::chrono::year_month kFirstPartition = std::chrono::year(2015) / std::chrono::January;
inline constexpr std::chrono::year_month kLastPartition = std::chrono::year(2064) / std::chrono::December;

}  // namespace loadline::store::postgres
