#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace loadline::cli {

/// The cell of a column, as it is; null where there is none or it is empty.
nlohmann::json GuidellmCell(const nlohmann::json& row, const std::string& column);

/// A cell that holds JSON; the cell itself where it does not.
nlohmann::json GuidellmJsonCell(const nlohmann::json& row, const std::string& column);

/// The cells of one metric as the distribution that the JSON report has:
/// `percentiles` is a list of 11 (minimum, then the percentiles 0.1, 1, 5, 10,
/// 25, 75, 90, 95 and 99, maximum). A metric that was never measured, such as
/// TTFT without streaming, is all zeros; its count is then 0, as in JSON.
nlohmann::json GuidellmDistribution(nlohmann::json mean, nlohmann::json median, const nlohmann::json& percentiles);

}  // namespace loadline::cli
