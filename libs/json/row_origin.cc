#include "libs/json/row_origin.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "libs/domain/configuration.h"

namespace loadline::json {
namespace {

using domain::Origin;

struct OriginWords {
  Origin origin;
  const char* flag;
  std::array<std::string_view, 2> words;
};

/// The first that applies is the answer.
constexpr OriginWords kOrigins[] = {{Origin::kSynthetic, "synthetic", {"synthetic", "synthetic"}},
                                    {Origin::kSimulated, "simulated", {"simulat", "blis"}},
                                    {Origin::kInterpolated, "interpolated", {"interpol", "interpol"}},
                                    {Origin::kEstimated, "estimated", {"estimat", "estimat"}}};

std::string MethodWords(const nlohmann::json& object) {
  std::string words;
  for (const char* name : {"source", "estimation_method", "generation_method", "method"}) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) words += domain::Lower(found->get_ref<const std::string&>()) + " ";
  }
  return words;
}

bool IsTrue(const nlohmann::json& object, const char* flag) {
  const auto found = object.find(flag);
  if (found == object.end()) return false;
  return *found == true || *found == "true";
}

}  // namespace

std::optional<Origin> StatedOrigin(const nlohmann::json& object) {
  if (!object.is_object()) return std::nullopt;
  const std::string words = MethodWords(object);
  const auto* found = std::find_if(std::begin(kOrigins), std::end(kOrigins), [&](const OriginWords& each) {
    return IsTrue(object, each.flag) || words.find(each.words[0]) != std::string::npos ||
           words.find(each.words[1]) != std::string::npos;
  });
  return found == std::end(kOrigins) ? std::nullopt : std::optional(found->origin);
}

}  // namespace loadline::json
