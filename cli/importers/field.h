#pragma once

#include <string>
#include <variant>

#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// One of the latencies of a measurement, such as `&domain::Measurement::ttft`.
using LatencyOf = domain::LatencySummary domain::Measurement::*;
/// One side of the requests.
using LengthsOf = domain::TokenLengths domain::Measurement::*;

/// One number of a measurement.
class Field {
 public:
  Field(LatencyOf latency, domain::Statistic statistic) : place_(LatencyPlace{latency, statistic}) {}
  Field(LengthsOf side, domain::Reading domain::TokenLengths::*part) : place_(LengthPlace{side, part}) {}
  Field(domain::Reading domain::Load::*part) : place_(part) {}             // NOLINT: reads like the number
  Field(domain::Reading domain::Measurement::*number) : place_(number) {}  // NOLINT

  domain::Reading& In(domain::Measurement& measurement) const;
  /// As in exported summaries: `ttft_p95`.
  std::string Name() const;

 private:
  struct LatencyPlace {
    LatencyOf latency;
    domain::Statistic statistic;
  };
  struct LengthPlace {
    LengthsOf side;
    domain::Reading domain::TokenLengths::*part;
  };
  std::variant<LatencyPlace, LengthPlace, domain::Reading domain::Load::*, domain::Reading domain::Measurement::*>
      place_;
};

/// The numbers that nearly every report has.
inline const Field kOfferedRps = &domain::Load::offered_rps;
inline const Field kAchievedRps = &domain::Load::achieved_rps;
inline const Field kConcurrency = &domain::Load::concurrency;
inline const Field kTokensPerSecond = &domain::Measurement::tokens_per_second;
inline const Field kMeanInput = {&domain::Measurement::input_lengths, &domain::TokenLengths::mean};
inline const Field kMeanOutput = {&domain::Measurement::output_lengths, &domain::TokenLengths::mean};
inline const Field kNominalInput = {&domain::Measurement::input_lengths, &domain::TokenLengths::nominal};
inline const Field kNominalOutput = {&domain::Measurement::output_lengths, &domain::TokenLengths::nominal};

}  // namespace loadline::cli
