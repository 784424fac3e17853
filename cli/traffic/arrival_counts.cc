#include "cli/traffic/arrival_counts.h"

#include <algorithm>

namespace loadline::cli {
namespace {

double Ratio(std::int64_t count, double seconds) { return static_cast<double>(count) / seconds; }

}  // namespace

void ArrivalCounts::MoveTo(std::int64_t second) {
  if (second - second_ >= kMinute) {
    minute_.fill(0);
    in_minute_ = 0;
    second_ = second;
  }
  while (second_ < second) {
    ++second_;
    auto& oldest = minute_.at(static_cast<std::size_t>(second_ % kMinute));
    in_minute_ -= oldest;
    oldest = 0;
  }
}

void ArrivalCounts::Add(double at_s) {
  if (count_ > 0) burstiness_.Add(at_s - last_s_);
  ++count_;
  last_s_ = at_s;
  const auto second = static_cast<std::int64_t>(at_s);
  MoveTo(second);
  ++minute_.at(static_cast<std::size_t>(second % kMinute));
  busiest_minute_ = std::max(busiest_minute_, ++in_minute_);
  hours_.resize(static_cast<std::size_t>(second / kHour) + 1);
  ++hours_.back();
}

double ArrivalCounts::MeanRps() const { return Ratio(count_, last_s_); }

double ArrivalCounts::PeakRps() const {
  return std::max(MeanRps(), Ratio(busiest_minute_, std::min(last_s_, static_cast<double>(kMinute))));
}

std::vector<double> ArrivalCounts::HourlyRps() const {
  constexpr double kWholeHour = kHour;
  std::vector<double> rates;
  for (std::size_t i = 0; i < hours_.size(); ++i) {
    const double lasted = std::min(kWholeHour, last_s_ - kWholeHour * static_cast<double>(i));
    // A last hour of less than a minute says nothing of its rate.
    if (i > 0 && lasted < static_cast<double>(kMinute)) break;
    rates.push_back(Ratio(hours_[i], lasted));
  }
  return rates;
}

}  // namespace loadline::cli
