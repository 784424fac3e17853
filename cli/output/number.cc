#include "cli/output/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace loadline::cli {
namespace {

// Decimals that leave three significant digits.
int DecimalsFor(double value) {
  const double size = std::abs(value);
  if (size == 0 || !std::isfinite(size)) return 0;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 9);
}

std::string Grouped(std::string digits) {
  const std::size_t start = digits.front() == '-' ? 1 : 0;
  const auto point = std::min(digits.find('.'), digits.size());
  for (std::size_t i = point; i > start + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace

std::string FormatFixed(double value, int decimals) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  return Grouped(fmt::format("{:.{}f}", value, decimals));
}

std::string FormatCount(std::int64_t value) { return Grouped(fmt::format("{}", value)); }

std::string FormatSignificant(double value) { return FormatFixed(value, DecimalsFor(value)); }

std::string FormatPlain(double value) {
  const std::string digits = fmt::format("{}", value);
  return std::isfinite(value) && digits.find('e') == std::string::npos ? Grouped(digits) : digits;
}

std::string FormatTokens(double value) { return FormatFixed(value, value == std::round(value) ? 0 : 1); }

std::string FormatUsd(double value) {
  if (!(std::abs(value) < 1)) return FormatFixed(value, 2);
  std::string digits = FormatSignificant(value);
  constexpr std::size_t kWithCents = 4;  // "0.00"
  while (digits.size() > kWithCents && digits.back() == '0') digits.pop_back();
  return digits;
}

std::string FormatPercent(double fraction) { return FormatFixed(100 * fraction, 0) + " %"; }

}  // namespace loadline::cli
