#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/traffic/columns.h"
#include "cli/traffic/trace_format.h"
#include "libs/json/parse.h"

namespace loadline::cli {
namespace {

constexpr double kMsPerSecond = 1000;

base::Result<double> Member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found != object.end() && found->is_number()) {
    const auto amount = found->get<double>();
    if (std::isfinite(amount) && amount >= 0) return amount;
  }
  return base::Fail(MalformedLine(fmt::format("`{}` is no number that is 0 or more", name)));
}

base::Result<TracedRequest> ReadLine(std::string_view line) {
  const auto object = json::Parse(line);
  if (!object || !object->is_object()) return base::Fail(MalformedLine("is no JSON object"));
  TracedRequest request;
  LOADLINE_ASSIGN_OR_RETURN(const double at_ms, Member(*object, "timestamp"));
  request.at_s = at_ms / kMsPerSecond;
  LOADLINE_ASSIGN_OR_RETURN(request.input_tokens, Member(*object, "input_length"));
  LOADLINE_ASSIGN_OR_RETURN(request.output_tokens, Member(*object, "output_length"));
  return request;
}

}  // namespace

LineReader OpenMooncake(std::string_view first_line) {
  const auto object = json::Parse(first_line);
  if (!object || !object->is_object()) return {};
  for (const char* name : {"timestamp", "input_length", "output_length"}) {
    if (!object->contains(name)) return {};
  }
  return ReadLine;
}

}  // namespace loadline::cli
