#pragma once

#include <cstdint>
#include <string>

namespace loadline::cli {

/// "1,234.50": `decimals` places, thousands apart. "nan" and "inf" as such.
std::string FormatFixed(double value, int decimals);

/// "1,234".
std::string FormatCount(std::int64_t value);

/// Three significant digits or all before the point: "0.0123", "1.23", "12.3",
/// "123", "12,345".
std::string FormatSignificant(double value);

/// As few digits as tell the value: "20", "1.2", "0.125", "12,000".
std::string FormatPlain(double value);

/// "512", or "511.8" where it is no whole number.
std::string FormatTokens(double value);

/// "1,234.50"; less than a dollar has up to three significant digits: "0.0412".
std::string FormatUsd(double value);

/// A fraction: "54 %".
std::string FormatPercent(double fraction);

}  // namespace loadline::cli
