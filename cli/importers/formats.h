#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/importers/document.h"
#include "cli/importers/importer.h"

namespace loadline::cli {

/// Every format that is known, in the order in which they are tried.
class Formats {
 public:
  Formats();

  /// The first that recognises `document`; nullptr if none does.
  const Importer* For(const Document& document) const;
  /// The skipped parts of all of them: a file is parsed before its format is
  /// known.
  std::vector<std::string> SkippedParts() const;
  /// "GuideLLM JSON, YAML or CSV; ..."
  std::string Names() const;

 private:
  std::vector<std::unique_ptr<const Importer>> all_;
};

}  // namespace loadline::cli
