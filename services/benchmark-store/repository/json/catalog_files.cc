#include "services/benchmark-store/repository/json/catalog_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "libs/base/sha256.h"
#include "libs/json/catalog_json.h"
#include "libs/json/parse.h"
#include "services/benchmark-store/repository/json/durable_file.h"
#include "services/benchmark-store/repository/json/mapped_file.h"
#include "services/benchmark-store/repository/json/revision_json.h"

namespace loadline::store::json {
namespace {

constexpr char kHardware[] = "hardware";
constexpr char kHardwareFile[] = "hardware.json";

constexpr std::size_t kDigestCharacters = 16;

base::Error Malformed(const std::filesystem::path& path, const base::Error& why) {
  return base::FailedPrecondition("MALFORMED_CATALOG",
                                  fmt::format("{} cannot be used: {}", path.string(), why.message));
}

std::string Digest(const std::string& text) { return base::Sha256Hex(text).substr(0, kDigestCharacters); }

template <typename T, typename Name>
std::vector<T> Sorted(std::vector<T> values, Name name) {
  std::sort(values.begin(), values.end(), [&](const T& a, const T& b) { return a.*name < b.*name; });
  return values;
}

base::Error Missing(const std::filesystem::path& folder) {
  return base::FailedPrecondition(
      "CATALOG_MISSING",
      folder.string() + " is no folder that can be read: set DATA_DIR to the one with the catalogue's files.");
}

/// Models may name only the use cases that there are.
base::Status CheckUseCases(const std::vector<domain::Model>& models, const std::vector<domain::UseCase>& use_cases) {
  std::set<std::string> known;
  for (const auto& use_case : use_cases) known.insert(use_case.id);
  for (const auto& model : models) {
    for (const auto& [use_case, suitability] : model.use_cases) {
      if (known.contains(use_case)) continue;
      return base::Fail(base::InvalidArgument(
          model.name, fmt::format("suits the use case `{}`, which use_cases.json does not have", use_case)));
    }
  }
  return {};
}

}  // namespace

base::Result<nlohmann::json> CatalogFiles::ReadFile(const std::string& name, const char* key) {
  const auto file = MappedFile::Open(folder_ / name);
  if (file == nullptr) {
    missing_.push_back(name);
    return nlohmann::json{{key, nlohmann::json::array()}};
  }
  auto parsed = loadline::json::Parse(file->text());
  if (!parsed) return base::Fail(Malformed(folder_ / name, parsed.error()));
  return parsed;
}

base::Result<CatalogFiles> CatalogFiles::Read(const std::filesystem::path& folder, bool required) {
  std::error_code ignored;
  if (required && !std::filesystem::is_directory(folder, ignored)) return base::Fail(Missing(folder));
  CatalogFiles files(folder);
  LOADLINE_ASSIGN_OR_RETURN(files.hardware_document_, files.ReadFile(kHardwareFile, kHardware));
  LOADLINE_ASSIGN_OR_RETURN(const auto model_document, files.ReadFile("models.json", "models"));
  LOADLINE_ASSIGN_OR_RETURN(const auto use_case_document, files.ReadFile("use_cases.json", "use_cases"));
  auto hardware = loadline::json::ReadHardware(files.hardware_document_);
  if (!hardware) return base::Fail(Malformed(folder / kHardwareFile, hardware.error()));
  auto models = loadline::json::ReadModels(model_document);
  if (!models) return base::Fail(Malformed(folder / "models.json", models.error()));
  auto use_cases = loadline::json::ReadUseCases(use_case_document);
  if (!use_cases) return base::Fail(Malformed(folder / "use_cases.json", use_cases.error()));
  const auto known = CheckUseCases(*models, *use_cases);
  if (!known) return base::Fail(Malformed(folder / "models.json", known.error()));

  files.fixed_digest_ = Digest(model_document.dump() + use_case_document.dump());
  files.catalog_.catalog =
      std::make_shared<Catalog>(Catalog{.models = Sorted(std::move(*models), &domain::Model::name),
                                        .hardware = {},
                                        .use_cases = Sorted(std::move(*use_cases), &domain::UseCase::id)});
  const bool all_missing = files.missing_.size() == 3;
  files.catalog_ = files.With(std::move(*hardware), all_missing ? 0 : RevisionIn(files.hardware_document_));
  return files;
}

VersionedCatalog CatalogFiles::With(std::vector<domain::Hardware> hardware, domain::Revision revision) const {
  auto changed = std::make_shared<Catalog>(*catalog_.catalog);
  changed->hardware = Sorted(std::move(hardware), &domain::Hardware::name);
  return {.catalog = changed, .changed_at = revision, .digest = DigestWith(changed->hardware)};
}

std::string CatalogFiles::DigestWith(const std::vector<domain::Hardware>& hardware) const {
  return Digest(fixed_digest_ + loadline::json::WriteHardware(hardware).dump());
}

base::Status CatalogFiles::Write(const VersionedCatalog& changed) {
  auto document = hardware_document_;
  document[kHardware] = loadline::json::WriteHardware(changed.catalog->hardware);
  document[kRevisionKey] = changed.changed_at;
  DurableFile file(WithoutLinks(folder_ / kHardwareFile));
  file.Write(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  LOADLINE_RETURN_IF_ERROR(file.Replace());
  hardware_document_ = std::move(document);
  catalog_ = changed;
  return {};
}

}  // namespace loadline::store::json
