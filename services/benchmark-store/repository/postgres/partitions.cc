#include "services/benchmark-store/repository/postgres/partitions.h"

#include <fmt/format.h>

namespace loadline::store::postgres {

std::string FirstDay(std::chrono::year_month month) {
  return fmt::format("{}-{:02}-01", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

}  // namespace loadline::store::postgres
