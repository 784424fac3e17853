#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "cli/importers/document.h"
#include "cli/importers/importer.h"

namespace loadline::cli {

using ElementTest = std::function<bool(const nlohmann::json& element)>;
using ElementReader = std::function<ImportedRow(const nlohmann::json& element)>;

/// True if the document is one object for which `is` holds, or an array or JSON
/// lines with one such object among the first.
bool AnyElement(const Document& document, const ElementTest& is);

/// One row for the object, or for each element of the array or JSON lines, with
/// its location. An element for which `is` does not hold becomes a row with a
/// problem; `what` says what it should have been.
std::vector<ImportedRow> ReadElements(const Document& document, const ElementTest& is, const ElementReader& read,
                                      std::string_view what);

}  // namespace loadline::cli
