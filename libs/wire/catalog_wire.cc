#include "libs/wire/catalog_wire.h"

#include "libs/wire/benchmark_wire.h"
#include "loadline/catalog/v1/catalog_service.pb.h"

namespace loadline::wire {
namespace {

namespace cpb = ::loadline::catalog::v1;

void ToProto(const domain::HardwarePrice& from, cpb::HardwarePrice* to) {
  to->set_provider(from.provider);
  to->set_purchase_option(from.purchase_option);
  to->set_usd_per_gpu_hour(from.usd_per_gpu_hour);
}

domain::HardwarePrice FromProto(const cpb::HardwarePrice& from) {
  return {.provider = from.provider(),
          .purchase_option = from.purchase_option(),
          .usd_per_gpu_hour = from.usd_per_gpu_hour()};
}

void ToProto(const domain::ModelUseCase& from, cpb::ModelUseCase* to) {
  to->set_use_case(from.use_case);
  to->set_suitability(from.suitability);
}

using AnnotationsMessage = google::protobuf::Map<std::string, std::string>;

void ToProto(const domain::Annotations& from, AnnotationsMessage& to) {
  for (const auto& [name, value] : from) to[name] = value;
}

domain::Annotations FromProto(const AnnotationsMessage& from) { return {from.begin(), from.end()}; }

std::vector<domain::ModelUseCase> FromProto(const google::protobuf::RepeatedPtrField<cpb::ModelUseCase>& from) {
  std::vector<domain::ModelUseCase> to;
  for (const auto& each : from) to.push_back({each.use_case(), each.suitability()});
  return to;
}

base::Result<std::optional<domain::Slo>> ExcellentFrom(const std::string& text) {
  if (text.empty()) return std::nullopt;
  LOADLINE_ASSIGN_OR_RETURN(auto slo, domain::Slo::Parse(text, "excellent_slo"));
  return slo;
}

}  // namespace

void ToProto(const domain::Model& from, cpb::Model* to) {
  to->set_model_hf_repo(from.name);
  if (from.parameters_billion) to->set_parameters_billion(*from.parameters_billion);
  to->set_parameters_from_name(from.parameters_from_name);
  if (from.kv_bytes_per_token) to->set_kv_bytes_per_token(*from.kv_bytes_per_token);
  to->set_configuration_count(from.configuration_count);
  to->set_benchmark_count(from.benchmark_count);
  to->set_architecture(from.architecture);
  to->set_base_model(from.base_model);
  for (const auto& tag : from.tags) to->add_tags(tag);
  for (const auto& use_case : from.use_cases) ToProto(use_case, to->add_use_cases());
  ToProto(from.metadata, *to->mutable_metadata());
}

void ToProto(const domain::Hardware& from, cpb::Hardware* to) {
  to->set_name(from.name);
  if (from.memory_gib) to->set_memory_gib(*from.memory_gib);
  for (const auto& price : from.prices) ToProto(price, to->add_prices());
  for (const auto& alias : from.aliases) to->add_aliases(alias);
}

void ToProto(const domain::UseCase& from, cpb::UseCase* to) {
  to->set_id(from.id);
  to->set_display_name(from.display_name);
  to->set_description(from.description);
  ToProto(from.shape, to->mutable_shape());
  to->set_slo(from.slo.ToString());
  if (from.excellent) to->set_excellent_slo(from.excellent->ToString());
  to->mutable_weights()->set_cost(from.weights.cost);
  to->mutable_weights()->set_latency(from.weights.latency);
  to->mutable_weights()->set_quality(from.weights.quality);
  to->set_category(from.category);
  to->set_pipeline_tag(from.pipeline_tag);
  ToProto(from.characteristics, *to->mutable_characteristics());
}

domain::Model FromProto(const cpb::Model& from) {
  domain::Model to{.name = from.model_hf_repo(),
                   .parameters_from_name = from.parameters_from_name(),
                   .configuration_count = from.configuration_count(),
                   .benchmark_count = from.benchmark_count(),
                   .architecture = from.architecture(),
                   .base_model = from.base_model(),
                   .tags = {from.tags().begin(), from.tags().end()},
                   .use_cases = FromProto(from.use_cases()),
                   .metadata = FromProto(from.metadata())};
  if (from.has_parameters_billion()) to.parameters_billion = from.parameters_billion();
  if (from.has_kv_bytes_per_token()) to.kv_bytes_per_token = from.kv_bytes_per_token();
  return to;
}

domain::Hardware FromProto(const cpb::Hardware& from) {
  domain::Hardware to{.name = from.name(), .prices = {}, .aliases = {from.aliases().begin(), from.aliases().end()}};
  if (from.has_memory_gib()) to.memory_gib = from.memory_gib();
  for (const auto& price : from.prices()) to.prices.push_back(FromProto(price));
  return to;
}

base::Result<domain::UseCase> FromProto(const cpb::UseCase& from) {
  LOADLINE_ASSIGN_OR_RETURN(const auto shape, FromProto(from.shape(), "shape"));
  LOADLINE_ASSIGN_OR_RETURN(auto slo, domain::Slo::Parse(from.slo()));
  LOADLINE_ASSIGN_OR_RETURN(auto excellent, ExcellentFrom(from.excellent_slo()));
  return domain::UseCase{.id = from.id(),
                         .display_name = from.display_name(),
                         .description = from.description(),
                         .shape = shape,
                         .slo = std::move(slo),
                         .weights = {.cost = from.weights().cost(),
                                     .latency = from.weights().latency(),
                                     .quality = from.weights().quality()},
                         .excellent = std::move(excellent),
                         .category = from.category(),
                         .pipeline_tag = from.pipeline_tag(),
                         .characteristics = FromProto(from.characteristics())};
}

}  // namespace loadline::wire
