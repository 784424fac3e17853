#pragma once

#include <cmath>
#include <limits>
#include <optional>

namespace loadline::domain {

/// A measured number that may be absent. As small as a double, because a store
/// holds tens of millions: absence is kept as NaN, so a present NaN cannot be
/// expressed, and importers report one as a problem instead.
class Reading {
 public:
  constexpr Reading() = default;
  constexpr Reading(double value) : value_(value) {}  // NOLINT: reads like an optional
  constexpr Reading(std::optional<double> value) : value_(value ? *value : kAbsent) {}  // NOLINT

  bool has_value() const { return !std::isnan(value_); }
  explicit operator bool() const { return has_value(); }
  double operator*() const { return value_; }
  double value_or(double fallback) const { return has_value() ? value_ : fallback; }
  std::optional<double> ToOptional() const { return has_value() ? std::optional<double>(value_) : std::nullopt; }

  friend bool operator==(Reading a, Reading b) {
    return a.has_value() == b.has_value() && (!a.has_value() || a.value_ == b.value_);
  }

 private:
  static constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
  double value_ = kAbsent;
};

}  // namespace loadline::domain
