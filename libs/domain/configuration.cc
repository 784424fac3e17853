#include "libs/domain/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace loadline::domain {
namespace {

constexpr std::array<std::string_view, 12> kBitPrefixes = {"fp",   "bf",   "int",   "float", "bfloat", "uint",
                                                           "nvfp", "mxfp", "mxint", "nf",    "w",      "q"};
constexpr std::array kWeightBits = {2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 16.0, 32.0};
constexpr double kMaxBillions = 100'000;

/// Reads a plain decimal number at the start of `text` and removes it.
std::optional<double> TakeNumber(std::string_view& text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || text.front() < '0' || text.front() > '9') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

std::optional<double> KnownBits(std::optional<double> bits) {
  if (!bits || std::find(kWeightBits.begin(), kWeightBits.end(), *bits) == kWeightBits.end()) return std::nullopt;
  return bits;
}

/// "4bit", "8bits".
std::optional<double> BitsFromCount(std::string_view word) {
  const auto bits = TakeNumber(word);
  if (word != "bit" && word != "bits") return std::nullopt;
  return KnownBits(bits);
}

/// "fp8", "bf16", "w4a16" (4-bit weights, 16-bit activations).
std::optional<double> BitsFromType(std::string_view word) {
  const std::string_view type = word.substr(0, word.find_first_of("0123456789"));
  if (std::find(kBitPrefixes.begin(), kBitPrefixes.end(), type) == kBitPrefixes.end()) return std::nullopt;
  word.remove_prefix(type.size());
  const auto bits = TakeNumber(word);
  const bool activations = type == "w" && word.starts_with('a');
  return word.empty() || activations ? KnownBits(bits) : std::nullopt;
}

std::optional<double> BitsFromWord(std::string_view word) {
  if (word == "half") return 16;
  // AWQ as published and as the frameworks serve it is always 4 bits.
  if (word == "awq") return 4;
  const auto bits = BitsFromType(word);
  return bits ? bits : BitsFromCount(word);
}

std::optional<double> BitsFromText(std::string_view text) {
  for (const auto& word : NameWords(text)) {
    if (const auto bits = BitsFromWord(word)) return bits;
  }
  return std::nullopt;
}

/// "8b", "0.5b", "360m", "1t"; and "8x7b", read as 8 x 7 = 56. Experts share
/// their attention layers, so that is an upper bound (Mixtral 8x7B has 46.7):
/// right for a memory check, which must not be too hopeful.
std::optional<double> BillionsFromWord(std::string_view word) {
  auto number = TakeNumber(word);
  if (number && word.starts_with('x')) {
    word.remove_prefix(1);
    const auto experts = std::exchange(number, TakeNumber(word));
    if (number) *number *= *experts;
  }
  if (!number) return std::nullopt;
  if (word == "b") return *number;
  if (word == "m") return *number / 1000;
  if (word == "t") return *number * 1000;
  return std::nullopt;
}

/// "16e", "128e".
bool IsExpertCount(std::string_view word) { return TakeNumber(word).has_value() && word == "e"; }

}  // namespace

std::string Configuration::ToString() const {
  std::string text = model;
  if (!precision.empty()) text += " " + precision;
  text += fmt::format(" on {}x {}", hardware_count, hardware);
  if (!framework.empty()) text += ", " + framework;
  if (!framework_version.empty()) text += " " + framework_version;
  return text;
}

Configuration Canonical(Configuration configuration) {
  configuration.model = Lower(Trim(configuration.model));
  configuration.precision = Lower(Trim(configuration.precision));
  configuration.hardware = Trim(configuration.hardware);
  configuration.framework = Lower(Trim(configuration.framework));
  configuration.framework_version = Trim(configuration.framework_version);
  return configuration;
}

std::optional<double> WeightBits(const Configuration& configuration) {
  const auto bits = BitsFromText(configuration.precision);
  return bits ? bits : BitsFromText(configuration.model);
}

std::optional<double> ParametersFromName(std::string_view model) {
  std::optional<double> largest;
  for (const auto& word : NameWords(model.substr(model.rfind('/') + 1))) {
    // "17b-16e" names the active parameters and the experts: the total, which
    // memory needs, is not their product and is not said.
    if (IsExpertCount(word)) return std::nullopt;
    const auto billions = BillionsFromWord(word);
    // "olmoe-1b-7b" says both active and total.
    if (billions && *billions > largest.value_or(0)) largest = billions;
  }
  return largest && *largest <= kMaxBillions ? largest : std::nullopt;
}

}  // namespace loadline::domain
