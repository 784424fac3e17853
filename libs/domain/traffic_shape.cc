#include "libs/domain/traffic_shape.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

namespace loadline::domain {
namespace {

void CheckTokens(std::vector<base::FieldViolation>& violations, std::string field, double tokens) {
  if (tokens >= TrafficShape::kMinTokens && tokens <= TrafficShape::kMaxTokens) return;
  violations.push_back({std::move(field), fmt::format("must be from {} to {} tokens; found {}",
                                                      TrafficShape::kMinTokens, TrafficShape::kMaxTokens, tokens)});
}

}  // namespace

base::Result<TrafficShape> TrafficShape::Make(double input_tokens, double output_tokens, std::string_view field) {
  std::vector<base::FieldViolation> violations;
  CheckTokens(violations, fmt::format("{}.input_tokens", field), input_tokens);
  CheckTokens(violations, fmt::format("{}.output_tokens", field), output_tokens);
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return TrafficShape{.input_tokens = input_tokens, .output_tokens = output_tokens};
}

std::string TrafficShape::ToString() const { return fmt::format("({}, {})", input_tokens, output_tokens); }

double Distance(const TrafficShape& asked, const TrafficShape& measured) {
  const double input = (asked.input_tokens - measured.input_tokens) / asked.input_tokens;
  const double output = (asked.output_tokens - measured.output_tokens) / asked.output_tokens;
  return std::sqrt(input * input + output * output);
}

}  // namespace loadline::domain
