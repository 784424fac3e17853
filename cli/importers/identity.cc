#include "cli/importers/identity.h"

#include <fmt/format.h>

#include "libs/domain/text.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

/// "name:tag" without registry, folders and digest.
std::string_view LastPart(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t divider = image.find_last_of("/#");
  return divider == std::string_view::npos ? image : image.substr(divider + 1);
}

}  // namespace

std::string ModelFromPath(std::string_view model_id) {
  constexpr std::string_view kCacheFolder = "models--";
  const std::size_t cache = model_id.find(kCacheFolder);
  if (cache != std::string_view::npos && (cache == 0 || model_id[cache - 1] == '/')) {
    const std::string_view folder = model_id.substr(cache + kCacheFolder.size());
    std::string name(folder.substr(0, folder.find('/')));
    if (const std::size_t separator = name.find("--"); separator != std::string::npos) name.replace(separator, 2, "/");
    return name;
  }
  const bool is_path = model_id.starts_with('/') || model_id.starts_with('.') || model_id.starts_with('~');
  return is_path ? std::string() : std::string(model_id);
}

std::string VersionOfImage(std::string_view image) {
  const std::string_view name = LastPart(image);
  const std::size_t colon = name.find(':');
  const std::string_view tag = colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
  const bool has_digit = tag.find_first_of("0123456789") != std::string_view::npos;
  return has_digit ? std::string(tag) : std::string();
}

std::string EngineOfImage(std::string_view image) {
  const std::string lower = domain::Lower(image);
  for (const char* engine : {"sglang", "vllm", "tensorrt-llm", "text-generation-inference"}) {
    if (lower.find(engine) != std::string::npos) return engine;
  }
  return {};
}

std::optional<base::Timestamp> ParseCompactTime(std::string_view text) {
  constexpr std::size_t kLength = 15;
  if (text.size() != kLength || text[8] != '-') return std::nullopt;
  return json::ParseTimestamp(fmt::format("{}-{}-{}T{}:{}:{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                                          text.substr(9, 2), text.substr(11, 2), text.substr(13, 2)));
}

}  // namespace loadline::cli
