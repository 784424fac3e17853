#pragma once

#include <rapidcheck.h>

#include <string>

#include "libs/domain/benchmark.h"
#include "libs/domain/catalog.h"

/// Arbitrary domain values. Numbers need not make sense: the wire does not judge.
namespace loadline::testing {

inline rc::Gen<double> AnyNumber() { return rc::gen::arbitrary<double>(); }

inline rc::Gen<domain::Reading> AnyReading() {
  return rc::gen::map(rc::gen::maybe(AnyNumber()), [](const rc::Maybe<double>& value) {
    return value ? domain::Reading(*value) : domain::Reading();
  });
}

/// Text that protobuf may carry: UTF-8, here ASCII of any kind.
inline rc::Gen<std::string> AnyText() { return rc::gen::container<std::string>(rc::gen::inRange<char>(0x01, 0x7f)); }

inline rc::Gen<double> AnyTokenCount() {
  return rc::gen::map(rc::gen::inRange(1, 1'000'000), [](int tokens) { return tokens / 8.0; });
}

template <typename T>
std::optional<T> ToOptional(const rc::Maybe<T>& value) {
  return value ? std::optional<T>(*value) : std::nullopt;
}

inline domain::TrafficShape SomeShape() {
  return domain::TrafficShape{.input_tokens = *AnyTokenCount(), .output_tokens = *AnyTokenCount()};
}

inline domain::Configuration SomeConfiguration() {
  return {.model = *AnyText(),
          .precision = *AnyText(),
          .hardware = *AnyText(),
          .hardware_count = *rc::gen::arbitrary<int>(),
          .framework = *AnyText(),
          .framework_version = *AnyText()};
}

inline domain::LatencySummary SomeLatencies() {
  domain::LatencySummary summary;
  for (auto& value : summary.values) value = *AnyReading();
  return summary;
}

inline domain::TokenLengths SomeLengths() {
  return {.mean = *AnyReading(),
          .nominal = *AnyReading(),
          .stdev = *AnyReading(),
          .min = *AnyReading(),
          .max = *AnyReading()};
}

inline domain::Load SomeLoad() {
  return {.offered_rps = *AnyReading(),
          .achieved_rps = *AnyReading(),
          .concurrency = *AnyReading(),
          .saturated = *rc::gen::arbitrary<bool>()};
}

inline domain::Provenance SomeProvenance() {
  using domain::Origin;
  return {.source = *AnyText(),
          .origin = *rc::gen::element(Origin::kMeasured, Origin::kSimulated, Origin::kInterpolated, Origin::kEstimated,
                                      Origin::kSynthetic),
          .confidence_level = *AnyText(),
          .format = *AnyText(),
          .tool_version = *AnyText(),
          .sha256 = *AnyText(),
          .path = *AnyText()};
}

/// Milliseconds within the years 1 to 9999.
inline base::Timestamp SomeTime() {
  const auto ms = *rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'800'000);
  return base::Timestamp(std::chrono::milliseconds(ms));
}

inline domain::Measurement SomeMeasurement() {
  domain::Measurement measurement{.configuration = SomeConfiguration(),
                                  .input_lengths = SomeLengths(),
                                  .output_lengths = SomeLengths(),
                                  .load = SomeLoad(),
                                  .ttft = SomeLatencies(),
                                  .itl = SomeLatencies(),
                                  .e2e = SomeLatencies(),
                                  .tpot = SomeLatencies(),
                                  .chunk_gap = SomeLatencies(),
                                  .tokens_per_second = *AnyReading(),
                                  .provenance = SomeProvenance()};
  measurement.completed_requests = ToOptional(*rc::gen::maybe(rc::gen::arbitrary<std::int64_t>()));
  measurement.failed_requests = ToOptional(*rc::gen::maybe(rc::gen::arbitrary<std::int64_t>()));
  if (*rc::gen::arbitrary<bool>()) measurement.measured_at = SomeTime();
  return measurement;
}

}  // namespace loadline::testing
