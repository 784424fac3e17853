#include "services/planner/app/names.h"

#include <set>
#include <utility>

#include "libs/base/suggest.h"
#include "libs/domain/text.h"

namespace loadline::planner {
namespace {

base::Error Unknown(std::string_view reason, const std::string& type, const std::string& name,
                    const std::vector<std::string>& known) {
  return base::NotFound(reason,
                        "There is no " + type + " " + domain::Quoted(name) + "." + base::DidYouMean(name, known),
                        {.type = type, .name = name});
}

}  // namespace

base::Result<std::vector<std::string>> ResolveModels(const View& view, const std::vector<std::string>& asked) {
  std::set<std::string> names;
  for (const auto& model : asked) {
    auto name = domain::Lower(domain::Trim(model));
    if (view.Find(name) == nullptr && !view.catalog->planning.models.contains(name)) {
      return base::Fail(UnknownModel(view, model));
    }
    names.insert(std::move(name));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

std::optional<std::string> ResolveHardware(const Catalog& catalog, const ModelList* evidence, std::string_view asked) {
  auto name = domain::CanonicalHardware(asked, catalog.hardware);
  if (catalog.planning.hardware.contains(name)) return name;
  if (evidence == nullptr) return std::nullopt;
  for (const auto& model : *evidence) {
    for (const auto& measured : model->configurations) {
      if (domain::EqualsIgnoringCase(measured.configuration.hardware, name)) return measured.configuration.hardware;
    }
  }
  return std::nullopt;
}

std::vector<std::string> KnownHardware(const Catalog& catalog, const ModelList& evidence) {
  std::set<std::string> names;
  for (const auto& hardware : catalog.hardware) {
    names.insert(hardware.name);
    names.insert(hardware.aliases.begin(), hardware.aliases.end());
  }
  for (const auto& model : evidence) {
    for (const auto& measured : model->configurations) names.insert(measured.configuration.hardware);
  }
  return {names.begin(), names.end()};
}

base::Error UnknownModel(const View& view, const std::string& asked) {
  std::set<std::string> known;
  for (const auto& slot : view.slots) known.insert(slot.name);
  for (const auto& [name, model] : view.catalog->planning.models) known.insert(name);
  return Unknown("UNKNOWN_MODEL", "model", asked, {known.begin(), known.end()});
}

base::Error UnknownHardware(const Catalog& catalog, const ModelList& evidence, const std::string& asked) {
  return Unknown("UNKNOWN_HARDWARE", "hardware", asked, KnownHardware(catalog, evidence));
}

base::Error UnknownUseCase(const Catalog& catalog, const std::string& asked) {
  std::vector<std::string> known;
  for (const auto& [id, use_case] : catalog.use_cases) known.push_back(id);
  return Unknown("UNKNOWN_USE_CASE", "use case", asked, known);
}

}  // namespace loadline::planner
