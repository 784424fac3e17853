#pragma once

#include <chrono>
#include <string>

namespace loadline::store::postgres {

/// The first and the last month of measured_at that have a partition of their
/// own; all others, and what has no time, are in the default partition: rows of
/// all centuries must not make thousands of tables.
inline constexpr std::chrono::year_month kFirstPartition = std::chrono::year(2015) / std::chrono::January;
inline constexpr std::chrono::year_month kLastPartition = std::chrono::year(2064) / std::chrono::December;

/// A month's first day as SQL writes it: 2026-11-01.
std::string FirstDay(std::chrono::year_month month);

}  // namespace loadline::store::postgres
