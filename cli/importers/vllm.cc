#include "cli/importers/vllm.h"

#include <algorithm>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/vllm_result.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

ImportedRow ReadElement(const Json& element, std::string location) {
  ImportedRow row;
  if (IsVllmResult(element)) {
    row = ReadVllmResult(element);
  } else {
    row.problems.emplace_back("not a result of vllm bench serve");
  }
  row.location = std::move(location);
  return row;
}

}  // namespace

bool VllmImporter::Recognises(const Document& document) const {
  const Json& content = document.content;
  return content.is_array() ? std::any_of(content.begin(), content.end(), IsVllmResult) : IsVllmResult(content);
}

base::Result<ImportedReport> VllmImporter::Read(const Document& document) const {
  ImportedReport report{.format = "vllm/bench-serve", .rows = {}};
  const Json& content = document.content;
  if (content.is_object()) report.rows.push_back(ReadElement(content, "the result"));
  if (content.is_array()) {
    for (std::size_t i = 0; i < content.size(); ++i) {
      report.rows.push_back(ReadElement(content[i], document.LocationOf(i)));
    }
  }
  return report;
}

}  // namespace loadline::cli
