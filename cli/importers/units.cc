#include "cli/importers/units.h"

#include <algorithm>
#include <iterator>

#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

struct Unit {
  std::string_view name;
  double ms;
};
constexpr Unit kUnits[] = {{"ns", 1e-6}, {"us", 1e-3}, {"\xC2\xB5s", 1e-3}, {"ms", 1},       {"milliseconds", 1},
                           {"s", 1e3},   {"sec", 1e3}, {"second", 1e3},     {"seconds", 1e3}};

}  // namespace

std::optional<double> MsPer(std::string_view unit) {
  constexpr std::string_view kPerToken = "/token";
  unit = domain::Trim(unit);
  if (unit.ends_with(kPerToken)) unit.remove_suffix(kPerToken.size());
  const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const Unit& each) { return domain::EqualsIgnoringCase(each.name, unit); });
  return found == std::end(kUnits) ? std::nullopt : std::optional(found->ms);
}

}  // namespace loadline::cli
