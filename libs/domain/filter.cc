#include "libs/domain/filter.h"

namespace loadline::domain {
namespace {

bool Selects(const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; }

}  // namespace

bool BenchmarkFilter::Matches(const Configuration& configuration) const {
  return Selects(model, configuration.model) && Selects(hardware, configuration.hardware) &&
         (!hardware_count || *hardware_count == configuration.hardware_count) &&
         Selects(framework, configuration.framework) && Selects(framework_version, configuration.framework_version) &&
         Selects(precision, configuration.precision);
}

}  // namespace loadline::domain
