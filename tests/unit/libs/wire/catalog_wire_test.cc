#include "libs/wire/catalog_wire.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libs/testing/matchers.h"
#include "loadline/catalog/v1/catalog_service.pb.h"
#include "tests/unit/libs/wire/generators.h"

namespace loadline::wire {
namespace {

namespace cpb = ::loadline::catalog::v1;
using testing::HasViolation;

std::optional<double> SomeNumber() { return testing::ToOptional(*rc::gen::maybe(testing::AnyNumber())); }

domain::Annotations SomeAnnotations() {
  return *rc::gen::container<domain::Annotations>(testing::AnyText(), testing::AnyText());
}

domain::HardwarePrice SomePrice() {
  return {.provider = *testing::AnyText(),
          .purchase_option = *testing::AnyText(),
          .usd_per_gpu_hour = *testing::AnyNumber()};
}

RC_GTEST_PROP(CatalogWire, AModelSurvives, ()) {
  const domain::Model model{.name = *testing::AnyText(),
                            .parameters_billion = SomeNumber(),
                            .parameters_from_name = *rc::gen::arbitrary<bool>(),
                            .kv_bytes_per_token = SomeNumber(),
                            .configuration_count = *rc::gen::arbitrary<int>(),
                            .benchmark_count = *rc::gen::arbitrary<int>(),
                            .architecture = *testing::AnyText(),
                            .base_model = *testing::AnyText(),
                            .tags = *rc::gen::container<std::vector<std::string>>(testing::AnyText()),
                            .use_cases = {{*testing::AnyText(), *testing::AnyNumber()}},
                            .metadata = SomeAnnotations()};
  cpb::Model message;
  ToProto(model, &message);
  RC_ASSERT(FromProto(message) == model);
}

RC_GTEST_PROP(CatalogWire, HardwareSurvives, ()) {
  domain::Hardware hardware{.name = *testing::AnyText(),
                            .memory_gib = SomeNumber(),
                            .prices = {},
                            .aliases = *rc::gen::container<std::vector<std::string>>(testing::AnyText())};
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) hardware.prices.push_back(SomePrice());
  cpb::Hardware message;
  ToProto(hardware, &message);
  RC_ASSERT(FromProto(message) == hardware);
}

RC_GTEST_PROP(CatalogWire, AUseCaseSurvives, ()) {
  const domain::UseCase use_case{
      .id = *testing::AnyText(),
      .display_name = *testing::AnyText(),
      .description = *testing::AnyText(),
      .shape = testing::SomeShape(),
      .slo = domain::Slo::Parse(*rc::gen::element<std::string>("ttft:p95<500ms", "e2e:p99<20s;itl:mean<40ms")).value(),
      .weights = {.cost = *testing::AnyNumber(), .latency = *testing::AnyNumber(), .quality = *testing::AnyNumber()},
      .excellent =
          *rc::gen::arbitrary<bool>() ? domain::Slo::Parse("ttft:p95<200ms").value() : std::optional<domain::Slo>(),
      .category = *testing::AnyText(),
      .pipeline_tag = *testing::AnyText(),
      .characteristics = SomeAnnotations()};
  cpb::UseCase message;
  ToProto(use_case, &message);
  RC_ASSERT(FromProto(message).value() == use_case);
}

TEST(CatalogWire, WhatIsUnknownStaysUnset) {
  cpb::Model model;
  ToProto(domain::Model{.name = "acme/one"}, &model);
  EXPECT_FALSE(model.has_parameters_billion());
  EXPECT_FALSE(model.has_kv_bytes_per_token());
}

TEST(CatalogWire, AUseCaseNeedsAShape) {
  cpb::UseCase message;
  message.set_slo("ttft:p95<500ms");
  EXPECT_THAT(FromProto(message), HasViolation("shape.input_tokens"));
}

TEST(CatalogWire, AUseCaseNeedsAnSlo) {
  cpb::UseCase message;
  message.mutable_shape()->set_input_tokens(1);
  message.mutable_shape()->set_output_tokens(1);
  message.set_slo("ttft:p42<500ms");
  EXPECT_THAT(FromProto(message), HasViolation("slo"));
}

}  // namespace
}  // namespace loadline::wire
