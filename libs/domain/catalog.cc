#include "libs/domain/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::domain {
namespace {

constexpr double kMaxMemoryGib = 100'000;
constexpr std::size_t kMaxHardwareEntries = 1000;
constexpr double kMaxUsdPerGpuHour = 100'000;
constexpr std::size_t kMaxName = 128;
/// "80gb" is said of GPUs with 79.6 to 80 GiB, and of 96 GB as 94.
constexpr double kMemoryTolerance = 0.1;

constexpr std::array<std::string_view, 8> kVendorWords = {"nvidia", "amd",    "intel", "instinct",
                                                          "tesla",  "tensor", "core",  "gpu"};
constexpr std::array<std::string_view, 13> kFormFactorWords = {"sxm", "sxm2", "sxm3",  "sxm4", "sxm5",  "pcie", "oam",
                                                               "nvl", "hbm2", "hbm2e", "hbm3", "hbm3e", "gddr6"};

using Violations = std::vector<base::FieldViolation>;

void CheckName(Violations& violations, std::string field, std::string_view name) {
  if (!Trim(name).empty() && name.size() <= kMaxName && IsPrintable(name)) return;
  violations.push_back({std::move(field), fmt::format("must be 1 to {} characters and no control character; found {}",
                                                      kMaxName, Quoted(name))});
}

void CheckPositive(Violations& violations, std::string field, double value, double max, std::string_view unit) {
  if (value > 0 && value <= max) return;
  violations.push_back(
      {std::move(field), fmt::format("must be greater than 0 and at most {} {}; found {}", max, unit, value)});
}

auto Key(const HardwarePrice& price) { return std::tie(price.provider, price.purchase_option); }

void CheckPrice(Violations& violations, const std::string& field, const HardwarePrice& price) {
  CheckName(violations, field + ".provider", price.provider);
  CheckName(violations, field + ".purchase_option", price.purchase_option);
  CheckPositive(violations, field + ".usd_per_gpu_hour", price.usd_per_gpu_hour, kMaxUsdPerGpuHour, "USD");
}

void CheckRepeats(Violations& violations, const std::string& field, const std::vector<HardwarePrice>& prices) {
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const auto same = [&](const HardwarePrice& earlier) { return Key(earlier) == Key(prices[i]); };
    if (std::none_of(prices.begin(), prices.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    violations.push_back({fmt::format("{}.prices[{}]", field, i),
                          fmt::format("a second price of {}, {}; give one", Quoted(prices[i].provider),
                                      Quoted(prices[i].purchase_option))});
  }
}

void Replace(std::vector<HardwarePrice>& prices, const HardwarePrice& price) {
  const auto place = std::lower_bound(prices.begin(), prices.end(), price,
                                      [](const auto& a, const auto& b) { return Key(a) < Key(b); });
  if (place != prices.end() && Key(*place) == Key(price)) {
    *place = price;
  } else {
    prices.insert(place, price);
  }
}

template <std::size_t N>
bool OneOf(const std::array<std::string_view, N>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// 80 for "80gb" or "80gib".
std::optional<double> MemorySize(std::string_view word) {
  double size = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), size, std::chars_format::fixed);
  const std::string_view unit = word.substr(static_cast<std::size_t>(stop - word.data()));
  if (error != std::errc() || (unit != "gb" && unit != "gib")) return std::nullopt;
  return size;
}

/// True when `test` holds for the name of `hardware` or one of its aliases.
template <typename Test>
bool AnyNameOf(const Hardware& hardware, Test test) {
  return test(hardware.name) || std::any_of(hardware.aliases.begin(), hardware.aliases.end(), test);
}

template <typename Test>
const Hardware* Find(const std::vector<Hardware>& catalog, Test test) {
  const auto found = std::find_if(catalog.begin(), catalog.end(), test);
  return found == catalog.end() ? nullptr : &*found;
}

const Hardware* FindExact(const std::vector<Hardware>& catalog, std::string_view name) {
  const auto is_name = [name](const std::string& known) { return EqualsIgnoringCase(name, known); };
  return Find(catalog, [&](const Hardware& hardware) { return AnyNameOf(hardware, is_name); });
}

const Hardware* FindWords(const std::vector<Hardware>& catalog, const std::vector<std::string>& words) {
  const auto is_name = [&words](const std::string& known) { return HasNameWords(known, words); };
  return Find(catalog, [&](const Hardware& hardware) { return AnyNameOf(hardware, is_name); });
}

/// An A100 that a report calls "40gb" is not the one of 80 GiB.
bool MemoryAgrees(const Hardware& hardware, double said_gb) {
  return !hardware.memory_gib || std::abs(*hardware.memory_gib - said_gb) <= kMemoryTolerance * said_gb;
}

/// Drops vendor words, then form factors, then memory sizes, until what is left
/// is a name: the less has to be dropped, the surer the match.
const Hardware* FindByDropping(const std::vector<Hardware>& catalog, std::vector<std::string> words) {
  std::erase_if(words, [](const std::string& word) { return OneOf(kVendorWords, word); });
  if (const auto* found = FindWords(catalog, words)) return found;
  std::erase_if(words, [](const std::string& word) { return OneOf(kFormFactorWords, word); });
  if (const auto* found = FindWords(catalog, words)) return found;
  const auto memory = std::find_if(words.begin(), words.end(), [](const auto& word) { return MemorySize(word); });
  if (memory == words.end()) return nullptr;
  const double said_gb = *MemorySize(*memory);
  words.erase(memory);
  const auto* found = FindWords(catalog, words);
  return found != nullptr && MemoryAgrees(*found, said_gb) ? found : nullptr;
}

void CheckCount(Violations& violations, std::string field, std::size_t count) {
  if (count <= kMaxHardwareEntries) return;
  violations.push_back({std::move(field), fmt::format("has {} entries; give at most {}", count, kMaxHardwareEntries)});
}

}  // namespace

base::Status Validate(const Hardware& hardware, std::string_view field) {
  Violations violations;
  const std::string path(field);
  CheckCount(violations, path + ".prices", hardware.prices.size());
  CheckCount(violations, path + ".aliases", hardware.aliases.size());
  // A million entries make a million complaints.
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  CheckName(violations, path + ".name", hardware.name);
  if (hardware.memory_gib) {
    CheckPositive(violations, path + ".memory_gib", *hardware.memory_gib, kMaxMemoryGib, "GiB");
  }
  for (std::size_t i = 0; i < hardware.prices.size(); ++i) {
    CheckPrice(violations, fmt::format("{}.prices[{}]", path, i), hardware.prices[i]);
  }
  CheckRepeats(violations, path, hardware.prices);
  for (std::size_t i = 0; i < hardware.aliases.size(); ++i) {
    CheckName(violations, fmt::format("{}.aliases[{}]", path, i), hardware.aliases[i]);
  }
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return {};
}

Hardware Merge(Hardware base, const Hardware& change) {
  if (change.memory_gib) base.memory_gib = change.memory_gib;
  if (!change.aliases.empty()) base.aliases = change.aliases;
  for (const auto& price : change.prices) Replace(base.prices, price);
  return base;
}

std::string CanonicalHardware(std::string_view name, const std::vector<Hardware>& catalog) {
  const std::string_view trimmed = Trim(name);
  const Hardware* found = FindExact(catalog, trimmed);
  if (found == nullptr) found = FindByDropping(catalog, NameWords(trimmed));
  return found == nullptr ? std::string(trimmed) : found->name;
}

}  // namespace loadline::domain
