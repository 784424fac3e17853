#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "services/benchmark-store/moving/export.h"
#include "services/benchmark-store/moving/move.h"

namespace loadline::cli {

/// What was moved, and how both sides compare.
void PrintMove(const store::moving::MoveOptions& options, const store::moving::MoveReport& report, std::ostream& out);
nlohmann::ordered_json MoveAsJson(const store::moving::MoveOptions& options, const store::moving::MoveReport& report);

/// One line for each table that differs.
void PrintDifferences(const store::moving::MoveReport& report, std::ostream& error);

void PrintExport(const store::moving::ExportReport& report, std::ostream& out);
nlohmann::ordered_json ExportAsJson(const store::moving::ExportReport& report);

}  // namespace loadline::cli
