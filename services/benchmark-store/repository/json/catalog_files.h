#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/json/snapshot.h"

namespace loadline::store::json {

/// The catalogue's files in one folder: hardware.json, models.json and
/// use_cases.json. One that is not there is empty.
class CatalogFiles {
 public:
  /// Fails with `kFailedPrecondition` (`MALFORMED_CATALOG`), naming the file
  /// and what is wrong, for the operator; or `CATALOG_MISSING`, where the
  /// folder is `required` and not there.
  static base::Result<CatalogFiles> Read(const std::filesystem::path& folder, bool required);

  /// As it was read, or written last.
  const VersionedCatalog& catalog() const { return catalog_; }
  /// Names of the files that were not there.
  const std::vector<std::string>& missing() const { return missing_; }

  /// `catalog()` with other hardware, changed at `revision`.
  VersionedCatalog With(std::vector<domain::Hardware> hardware, domain::Revision revision) const;
  /// Replaces hardware.json durably by what `changed` holds. Fails with
  /// `kFailedPrecondition` (`DATA_NOT_WRITABLE`), and then nothing changed.
  base::Status Write(const VersionedCatalog& changed);

 private:
  explicit CatalogFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  base::Result<nlohmann::json> ReadFile(const std::string& name, const char* key);
  std::string DigestWith(const std::vector<domain::Hardware>& hardware) const;

  std::filesystem::path folder_;
  VersionedCatalog catalog_;
  std::vector<std::string> missing_;
  /// hardware.json with whatever else it holds.
  nlohmann::json hardware_document_;
  /// Of the files that never change while the store runs.
  std::string fixed_digest_;
};

}  // namespace loadline::store::json
