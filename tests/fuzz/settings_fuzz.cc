#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "libs/domain/text.h"
#include "services/benchmark-store/config.h"
#include "services/planner/config.h"
#include "tests/fuzz/expect.h"

namespace loadline {
namespace {

// Each line is NAME=value, as in a file for `env`.
base::EnvironmentReader::Source SourceOf(const std::string& text) {
  std::map<std::string, std::string> variables;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != line.npos) variables[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

template <typename Config>
void ExpectUseful(const base::Result<Config>& config) {
  if (config) return fuzz::Expect(!config->effective.empty(), "what holds is listed");
  fuzz::Expect(!config.error().violations.empty(), "what is wrong is named");
  for (const auto& violation : config.error().violations) {
    fuzz::Expect(!violation.field.empty() && !violation.description.empty(), "each with its variable");
  }
}

}  // namespace
}  // namespace loadline

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const auto source = SourceOf({reinterpret_cast<const char*>(data), size});
  ExpectUseful(store::ReadConfig(source));
  ExpectUseful(planner::ReadConfig(source));
  return 0;
}
