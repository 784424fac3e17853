#include "cli/importers/field.h"

#include <algorithm>

#include "libs/json/row_fields.h"

namespace loadline::cli {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

domain::Reading& Field::In(domain::Measurement& measurement) const {
  return std::visit(
      Overloaded{[&](const LatencyPlace& p) -> domain::Reading& { return (measurement.*p.latency)[p.statistic]; },
                 [&](const LengthPlace& p) -> domain::Reading& { return measurement.*p.side.*p.part; },
                 [&](domain::Reading domain::Load::*part) -> domain::Reading& { return measurement.load.*part; },
                 [&](domain::Reading domain::Measurement::*number) -> domain::Reading& { return measurement.*number; }},
      place_);
}

std::string Field::Name() const {
  domain::Measurement any;
  const auto& fields = json::NumberFields();
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return &each.target(any) == &In(any); });
  return found == fields.end() ? std::string() : found->names.front();
}

}  // namespace loadline::cli
