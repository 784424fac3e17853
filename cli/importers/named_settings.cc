#include "cli/importers/named_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "cli/importers/row_reader.h"
#include "cli/importers/yaml.h"
#include "libs/base/suggest.h"
#include "libs/domain/text.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

struct TextSetting {
  std::string_view name;
  std::string ImportOverrides::*target;
};
constexpr TextSetting kTexts[] = {{"model", &ImportOverrides::model},
                                  {"hardware", &ImportOverrides::hardware},
                                  {"gpu", &ImportOverrides::hardware},
                                  {"framework", &ImportOverrides::framework},
                                  {"framework_version", &ImportOverrides::framework_version},
                                  {"precision", &ImportOverrides::precision}};

struct LengthSetting {
  std::string_view name;
  std::optional<double> ImportOverrides::*target;
};
constexpr LengthSetting kLengths[] = {{"prompt_tokens", &ImportOverrides::prompt_tokens},
                                      {"output_tokens", &ImportOverrides::output_tokens}};

constexpr std::string_view kCounts[] = {"hardware_count", "gpu_count", "tp", "pp"};

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const auto& setting : kTexts) names.emplace_back(setting.name);
  names.insert(names.end(), std::begin(kCounts), std::end(kCounts));
  for (const auto& setting : kLengths) names.emplace_back(setting.name);
  return names;
}

// A name comes from somebody's file: it may be long, or write to the terminal.
std::string Shown(const std::string& name) {
  constexpr std::size_t kMaxBytes = 40;
  return name.size() <= kMaxBytes && domain::IsPrintable(name) ? name : domain::Quoted(name);
}

base::Error Unknown(const std::string& name) {
  return base::InvalidArgument(
      Shown(name), fmt::format("is no setting.{} Known are: {}", base::DidYouMean(name, AllNames()), SettingNames()));
}

/// Reads the values of one map, keeping the first mistake.
class SettingReader {
 public:
  explicit SettingReader(const std::map<std::string, std::string>& values) : values_(values) {}

  base::Result<ImportOverrides> Read() {
    for (const auto& [name, value] : values_) {
      if (!IsSettingName(name)) return base::Fail(Unknown(name));
    }
    for (const auto& setting : kTexts) {
      if (const std::string value = Value(setting.name); !value.empty()) settings_.*setting.target = value;
    }
    for (const auto& setting : kLengths) settings_.*setting.target = Number(setting.name);
    settings_.hardware_count = HardwareCount();
    if (mistake_) return base::Fail(*std::move(mistake_));
    return settings_;
  }

 private:
  std::string Value(std::string_view name) const {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::string() : found->second;
  }

  std::optional<double> Number(std::string_view name) {
    const std::string value = Value(name);
    if (value.empty()) return std::nullopt;
    const auto number = json::NumberInText(value);
    if (number && *number > 0 && *number < 1e12) return number;
    mistake_ = base::InvalidArgument(std::string(name), "is no positive number: " + json::Quoted(Json(value)));
    return std::nullopt;
  }

  std::optional<int> Count(std::string_view name) {
    const auto number = Number(name);
    if (!number) return std::nullopt;
    const auto count = json::CountIn(Json(*number));
    if (count && *count <= 100'000) return static_cast<int>(*count);
    mistake_ = base::InvalidArgument(std::string(name), fmt::format("is no number of GPUs: {}", *number));
    return std::nullopt;
  }

  std::optional<int> HardwareCount() {
    for (const char* name : {"hardware_count", "gpu_count"}) {
      if (const auto count = Count(name)) return count;
    }
    const auto tp = Count("tp");
    const auto pp = Count("pp");
    if (!tp && !pp) return std::nullopt;
    const std::int64_t gpus = std::int64_t{tp.value_or(1)} * pp.value_or(1);
    return gpus <= std::numeric_limits<int>::max() ? std::optional(static_cast<int>(gpus)) : std::nullopt;
  }

  const std::map<std::string, std::string>& values_;
  ImportOverrides settings_;
  std::optional<base::Error> mistake_;
};

void Fill(std::string& value, const std::string& further) {
  if (value.empty()) value = further;
}

template <typename T>
void Fill(std::optional<T>& value, const std::optional<T>& further) {
  if (!value) value = further;
}

}  // namespace

base::Result<ImportOverrides> SettingsByName(const std::map<std::string, std::string>& values) {
  return SettingReader(values).Read();
}

bool IsSettingName(std::string_view name) {
  const auto names = AllNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string SettingNames() {
  std::string text;
  for (const std::string& name : AllNames()) text += (text.empty() ? "" : ", ") + name;
  return text;
}

base::Result<ImportOverrides> ParseMetaFile(std::string_view text) {
  LOADLINE_ASSIGN_OR_RETURN(const Json content, ParseYaml(text));
  std::map<std::string, std::string> values;
  if (content.is_null()) return ImportOverrides{};
  if (!content.is_object()) {
    return base::Fail(base::InvalidArgument("meta.yaml", "is no list of settings such as `hardware: H100`"));
  }
  for (const auto& [name, value] : content.items()) values[name] = FirstTextAt({{"value", value}}, {"/value"});
  return SettingsByName(values);
}

ImportOverrides FilledUp(ImportOverrides settings, const ImportOverrides& further) {
  for (const auto& setting : kTexts) Fill(settings.*setting.target, further.*setting.target);
  for (const auto& setting : kLengths) Fill(settings.*setting.target, further.*setting.target);
  Fill(settings.hardware_count, further.hardware_count);
  return settings;
}

}  // namespace loadline::cli
