#include "services/planner/app/names.h"

#include <algorithm>
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

base::Result<std::string> HardwareNames::Resolve(std::string_view asked) {
  auto name = domain::CanonicalHardware(asked, catalog_.hardware);
  if (catalog_.planning.hardware.contains(name)) return name;
  LOADLINE_RETURN_IF_ERROR(ReadMeasured());
  const auto found = measured_->find(domain::Lower(name));
  if (found != measured_->end()) return found->second;
  return base::Fail(Unknown("UNKNOWN_HARDWARE", "hardware", std::string(asked), known_));
}

base::Status HardwareNames::ReadMeasured() {
  if (measured_) return {};
  const auto& evidence = evidence_();
  if (!evidence) return base::Fail(evidence.error());
  std::set<std::string> names;
  for (const auto& model : **evidence) {
    for (const auto& measured : model->configurations) names.insert(measured.configuration.hardware);
  }
  measured_.emplace();
  for (const auto& name : names) measured_->emplace(domain::Lower(name), name);
  for (const auto& hardware : catalog_.hardware) {
    names.insert(hardware.name);
    names.insert(hardware.aliases.begin(), hardware.aliases.end());
  }
  known_.assign(names.begin(), names.end());
  return {};
}

const domain::UseCase* FindUseCase(const Catalog& catalog, std::string_view id) {
  const auto found = std::find_if(catalog.use_cases.begin(), catalog.use_cases.end(),
                                  [id](const auto& entry) { return domain::EqualsIgnoringCase(entry.first, id); });
  return found == catalog.use_cases.end() ? nullptr : &found->second;
}

base::Error UnknownModel(const View& view, const std::string& asked) {
  std::set<std::string> known;
  for (const auto& slot : view.slots) known.insert(slot.name);
  for (const auto& [name, model] : view.catalog->planning.models) known.insert(name);
  return Unknown("UNKNOWN_MODEL", "model", asked, {known.begin(), known.end()});
}

base::Error UnknownUseCase(const Catalog& catalog, const std::string& asked) {
  std::vector<std::string> known;
  for (const auto& [id, use_case] : catalog.use_cases) known.push_back(id);
  return Unknown("UNKNOWN_USE_CASE", "use case", asked, known);
}

}  // namespace loadline::planner
