#include "libs/wire/benchmark_wire.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "libs/testing/matchers.h"
#include "loadline/benchmark/v1/benchmark.pb.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "tests/unit/libs/wire/generators.h"

namespace loadline::wire {
namespace {

using base::ErrorCode;
using domain::Statistic;
using testing::Fails;
using testing::HasViolation;
using testing::IsOk;

// Across the wire and back, through bytes.
template <typename Message>
Message Sent(const Message& message) {
  Message received;
  EXPECT_TRUE(received.ParseFromString(message.SerializeAsString()));
  return received;
}

RC_GTEST_PROP(BenchmarkWire, AConfigurationSurvives, ()) {
  const auto configuration = testing::SomeConfiguration();
  pb::Configuration message;
  ToProto(configuration, &message);
  RC_ASSERT(FromProto(Sent(message)) == configuration);
}

RC_GTEST_PROP(BenchmarkWire, AShapeSurvives, ()) {
  const auto shape = testing::SomeShape();
  pb::TrafficShape message;
  ToProto(shape, &message);
  RC_ASSERT(FromProto(Sent(message), "shape").value() == shape);
}

RC_GTEST_PROP(BenchmarkWire, LatenciesSurviveAndAbsentOnesStayAbsent, ()) {
  const auto latencies = testing::SomeLatencies();
  pb::LatencySummary message;
  ToProto(latencies, &message);
  RC_ASSERT(FromProto(Sent(message)) == latencies);
}

RC_GTEST_PROP(BenchmarkWire, AMeasurementSurvives, ()) {
  const auto measurement = testing::SomeMeasurement();
  pb::Benchmark message;
  ToProto(measurement, &message);
  RC_ASSERT(MeasurementFromProto(Sent(message)) == measurement);
}

RC_GTEST_PROP(BenchmarkWire, AStoredBenchmarkSurvives, ()) {
  domain::Benchmark benchmark{.id = {}, .shape = testing::SomeShape(), .measurement = testing::SomeMeasurement()};
  benchmark.id = domain::BenchmarkId::Of(benchmark.measurement);
  benchmark.revision = *rc::gen::arbitrary<domain::Revision>();
  pb::Benchmark message;
  ToProto(benchmark, &message);
  RC_ASSERT(BenchmarkFromProto(Sent(message)).value() == benchmark);
}

TEST(BenchmarkWire, AMeasurementHasNoIdShapeOrRevision) {
  pb::Benchmark message;
  ToProto(domain::Measurement{}, &message);
  EXPECT_EQ(message.id(), "");
  EXPECT_FALSE(message.has_shape());
  EXPECT_EQ(message.revision(), 0);
}

TEST(BenchmarkWire, OutputOnlyFieldsOfAMeasurementAreIgnored) {
  pb::Benchmark plain;
  plain.mutable_configuration()->set_model_hf_repo("acme/one");
  pb::Benchmark decorated = plain;
  decorated.set_id("nonsense");
  decorated.set_revision(-7);
  decorated.mutable_shape()->set_input_tokens(-1);
  EXPECT_EQ(MeasurementFromProto(decorated), MeasurementFromProto(plain));
}

TEST(BenchmarkWire, AnEmptySummaryIsNotSent) {
  pb::Benchmark message;
  ToProto(domain::Measurement{}, &message);
  EXPECT_FALSE(message.has_ttft());
  EXPECT_FALSE(message.has_tpot());
}

TEST(BenchmarkWire, NanBecomesInfinitySoThatJudgeSeesIt) {
  pb::LatencySummary message;
  message.set_p95_ms(std::numeric_limits<double>::quiet_NaN());
  const auto reading = FromProto(message)[Statistic::kP95];
  ASSERT_TRUE(reading.has_value());
  EXPECT_TRUE(std::isinf(*reading));
}

TEST(BenchmarkWire, AnOriginThatWasNotStatedIsMeasured) {
  EXPECT_EQ(MeasurementFromProto({}).provenance.origin, domain::Origin::kMeasured);
}

TEST(BenchmarkWire, AnOriginOfALaterVersionIsNotTakenForMeasured) {
  pb::Benchmark message;
  message.mutable_provenance()->set_origin(static_cast<pb::Origin>(99));
  EXPECT_EQ(MeasurementFromProto(message).provenance.origin, domain::Origin::kEstimated);
}

TEST(BenchmarkWire, ATimeOutsideTheCalendarIsClamped) {
  pb::Benchmark message;
  message.mutable_measured_at()->set_seconds(std::numeric_limits<std::int64_t>::max());
  const auto measurement = MeasurementFromProto(message);
  ASSERT_TRUE(measurement.measured_at.has_value());
  EXPECT_EQ(measurement.measured_at->time_since_epoch(), std::chrono::seconds(253'402'300'799));
}

TEST(BenchmarkWire, TimesKeepTheirMilliseconds) {
  domain::Measurement measurement;
  measurement.measured_at = base::Timestamp(std::chrono::milliseconds(-1));
  pb::Benchmark message;
  ToProto(measurement, &message);
  EXPECT_EQ(message.measured_at().seconds(), -1);
  EXPECT_EQ(message.measured_at().nanos(), 999'000'000);
}

TEST(BenchmarkWire, AQuarantineReasonIsWrittenWhole) {
  pb::QuarantineReason message;
  ToProto(domain::QuarantineReason{.reason = "NEGATIVE_VALUE", .field = "ttft_mean", .message = "is -1."}, &message);
  EXPECT_EQ(message.reason(), "NEGATIVE_VALUE");
  EXPECT_EQ(message.field(), "ttft_mean");
  EXPECT_EQ(message.message(), "is -1.");
}

TEST(BenchmarkWire, AStoredBenchmarkNeedsAnId) {
  pb::Benchmark message;
  message.mutable_shape()->set_input_tokens(1);
  message.mutable_shape()->set_output_tokens(1);
  EXPECT_THAT(BenchmarkFromProto(message), HasViolation("id"));
}

TEST(BenchmarkWire, AStoredBenchmarkNeedsAShape) {
  pb::Benchmark message;
  message.set_id(domain::BenchmarkId::Of({}).ToString());
  EXPECT_THAT(BenchmarkFromProto(message), HasViolation("shape.input_tokens"));
}

TEST(BenchmarkWire, AnUnsetShapeFailsOnBothSides) {
  const auto shape = FromProto(pb::TrafficShape{}, "shape");
  EXPECT_THAT(shape, Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(shape, HasViolation("shape.input_tokens"));
  EXPECT_THAT(shape, HasViolation("shape.output_tokens"));
}

TEST(FilterWire, AnEmptyFilterSelectsEverything) {
  const auto filter = FromProto(pb::BenchmarkFilter{}, "filter");
  ASSERT_THAT(filter, IsOk());
  EXPECT_EQ(*filter, domain::BenchmarkFilter{});
}

TEST(FilterWire, TextIsCanonicalButHardwareIsLeftToTheCatalogue) {
  pb::BenchmarkFilter message;
  message.set_model_hf_repo(" Acme/One-8B ");
  message.set_hardware("h100-SXM");
  message.set_framework("vLLM");
  message.set_framework_version("0.11.0");
  message.set_precision("FP8");
  message.set_hardware_count(2);
  message.mutable_shape()->set_input_tokens(512);
  message.mutable_shape()->set_output_tokens(256);
  const auto filter = FromProto(message, "filter");
  ASSERT_THAT(filter, IsOk());
  EXPECT_EQ(*filter, (domain::BenchmarkFilter{.model = "acme/one-8b",
                                              .hardware = "h100-SXM",
                                              .hardware_count = 2,
                                              .framework = "vllm",
                                              .framework_version = "0.11.0",
                                              .precision = "fp8",
                                              .shape = domain::TrafficShape{512, 256}}));
}

TEST(FilterWire, EveryBadFieldIsNamedAtOnce) {
  pb::BenchmarkFilter message;
  message.set_hardware_count(0);
  message.mutable_shape()->set_input_tokens(-5);
  const auto filter = FromProto(message, "filter");
  EXPECT_THAT(filter, HasViolation("filter.hardware_count"));
  EXPECT_THAT(filter, HasViolation("filter.shape.input_tokens"));
  EXPECT_THAT(filter, HasViolation("filter.shape.output_tokens"));
}

}  // namespace
}  // namespace loadline::wire
