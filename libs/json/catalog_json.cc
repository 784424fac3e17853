#include "libs/json/catalog_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "libs/json/object_reader.h"

namespace loadline::json {
namespace {

using nlohmann::json;

/// Reads the array `list` of `document` with `read(ObjectReader&)`, which gives
/// an optional T and may give nothing only after noting why.
template <typename T, typename Read>
base::Result<std::vector<T>> ReadList(const json& document, const char* list, const Read& read) {
  if (!document.is_object() || !document.contains(list) || !document[list].is_array()) {
    return base::Fail(base::InvalidArgument(list, "the document must be an object with an array of this name"));
  }
  std::vector<base::FieldViolation> violations;
  std::vector<T> elements;
  for (std::size_t i = 0; i < document[list].size(); ++i) {
    ObjectReader reader(document[list][i], fmt::format("{}[{}]", list, i), violations);
    if (!document[list][i].is_object()) continue;  // which the reader has noted
    if (std::optional<T> element = read(reader)) elements.push_back(*std::move(element));
  }
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return elements;
}

/// Notes names that something earlier has already. Case does not count.
class NameUniqueness {
 public:
  void Check(ObjectReader& reader, const std::string& field, const std::string& name) {
    if (!name.empty() && !seen_.insert(domain::Lower(name)).second) {
      reader.Note(field, fmt::format("`{}` is taken by an earlier element", name));
    }
  }

 private:
  std::set<std::string> seen_;
};

domain::HardwarePrice ReadPrice(ObjectReader& reader) {
  return {.provider = reader.Text("provider"),
          .purchase_option = reader.Text("purchase_option"),
          .usd_per_gpu_hour = reader.Number("usd_per_gpu_hour")};
}

std::vector<domain::HardwarePrice> ReadPrices(ObjectReader& hardware) {
  std::vector<domain::HardwarePrice> prices;
  for (ObjectReader& reader : hardware.Objects("prices")) prices.push_back(ReadPrice(reader));
  return prices;
}

void Sort(std::vector<domain::HardwarePrice>& prices) {
  std::sort(prices.begin(), prices.end(), [](const auto& a, const auto& b) {
    return std::tie(a.provider, a.purchase_option) < std::tie(b.provider, b.purchase_option);
  });
}

std::optional<domain::Hardware> ReadOneHardware(ObjectReader& reader, NameUniqueness& names) {
  const std::size_t noted_before = reader.noted();
  domain::Hardware hardware{.name = reader.Text("name"),
                            .memory_gib = reader.OptionalNumber("memory_gib"),
                            .prices = ReadPrices(reader),
                            .aliases = reader.Texts("aliases")};
  names.Check(reader, reader.PathOf("name"), hardware.name);
  for (std::size_t i = 0; i < hardware.aliases.size(); ++i) {
    names.Check(reader, fmt::format("{}.aliases[{}]", reader.path(), i), hardware.aliases[i]);
  }
  // Ranges are only worth a look where every member was understood.
  if (reader.noted() == noted_before) {
    if (auto valid = domain::Validate(hardware, reader.path()); !valid) reader.NoteAll(valid.error());
  }
  Sort(hardware.prices);
  return hardware;
}

domain::PriorityWeights ReadWeights(ObjectReader reader) {
  const domain::PriorityWeights weights{
      .cost = reader.Number("cost"), .latency = reader.Number("latency"), .quality = reader.Number("quality")};
  const bool negative = weights.cost < 0 || weights.latency < 0 || weights.quality < 0;
  const double sum = weights.cost + weights.latency + weights.quality;
  if (negative || !(std::abs(sum - 1) < 1e-6)) {
    reader.Note(reader.path(), fmt::format("must not be negative and must add up to 1, not {}", sum));
  }
  return weights;
}

std::optional<domain::Slo> ReadExcellent(ObjectReader& reader) {
  const auto text = reader.OptionalText("excellent_slo");
  if (!text) return std::nullopt;
  auto slo = domain::Slo::Parse(*text, reader.PathOf("excellent_slo"));
  if (slo) return *std::move(slo);
  reader.NoteAll(slo.error());
  return std::nullopt;
}

std::optional<domain::UseCase> ReadUseCase(ObjectReader& reader, NameUniqueness& ids) {
  const std::string id = reader.Text("id");
  ids.Check(reader, reader.PathOf("id"), id);
  const std::string display_name = reader.Text("display_name");
  const std::string description = reader.Text("description");
  const auto shape =
      domain::TrafficShape::Make(reader.Number("input_tokens"), reader.Number("output_tokens"), reader.path());
  if (!shape) reader.NoteAll(shape.error());
  const auto slo = domain::Slo::Parse(reader.Text("slo"), reader.PathOf("slo"));
  if (!slo) reader.NoteAll(slo.error());
  auto excellent = ReadExcellent(reader);
  const auto weights = ReadWeights(reader.Object("weights"));
  auto characteristics = reader.TextMembers("characteristics");
  if (!shape || !slo) return std::nullopt;
  return domain::UseCase{.id = id,
                         .display_name = display_name,
                         .description = description,
                         .shape = *shape,
                         .slo = *slo,
                         .weights = weights,
                         .excellent = std::move(excellent),
                         .category = reader.OptionalText("category").value_or(""),
                         .pipeline_tag = reader.OptionalText("pipeline_tag").value_or(""),
                         .characteristics = std::move(characteristics)};
}

std::vector<domain::ModelUseCase> ReadModelUseCases(ObjectReader& model) {
  std::vector<domain::ModelUseCase> use_cases;
  for (const auto& [id, suitability] : model.Numbers("use_cases")) {
    if (suitability < 0 || suitability > 1) {
      model.Note(fmt::format("{}.use_cases.{}", model.path(), id), fmt::format("must be 0 to 1, not {}", suitability));
    }
    use_cases.push_back({id, suitability});
  }
  return use_cases;
}

std::vector<std::string> ReadTags(ObjectReader& model) {
  auto tags = model.Texts("tags");
  for (auto& tag : tags) tag = domain::Lower(tag);
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

std::optional<domain::Model> ReadModel(ObjectReader& reader, NameUniqueness& names) {
  domain::Model model{.name = domain::Lower(reader.Text("name")),
                      .parameters_billion = reader.OptionalPositive("parameters_billion"),
                      .kv_bytes_per_token = reader.OptionalPositive("kv_bytes_per_token"),
                      .architecture = domain::Lower(reader.OptionalText("architecture").value_or("")),
                      .base_model = domain::Lower(reader.OptionalText("base_model").value_or("")),
                      .tags = ReadTags(reader),
                      .use_cases = ReadModelUseCases(reader),
                      .metadata = reader.TextMembers("metadata")};
  names.Check(reader, reader.PathOf("name"), model.name);
  return model;
}

json WritePrice(const domain::HardwarePrice& price) {
  return {{"provider", price.provider},
          {"purchase_option", price.purchase_option},
          {"usd_per_gpu_hour", price.usd_per_gpu_hour}};
}

json WriteWeights(const domain::PriorityWeights& weights) {
  return {{"cost", weights.cost}, {"latency", weights.latency}, {"quality", weights.quality}};
}

}  // namespace

base::Result<std::vector<domain::Hardware>> ReadHardware(const json& document) {
  NameUniqueness names;
  return ReadList<domain::Hardware>(document, "hardware",
                                    [&](ObjectReader& reader) { return ReadOneHardware(reader, names); });
}

base::Result<std::vector<domain::Model>> ReadModels(const json& document) {
  NameUniqueness names;
  return ReadList<domain::Model>(document, "models", [&](ObjectReader& reader) { return ReadModel(reader, names); });
}

base::Result<std::vector<domain::UseCase>> ReadUseCases(const json& document) {
  NameUniqueness ids;
  return ReadList<domain::UseCase>(document, "use_cases",
                                   [&](ObjectReader& reader) { return ReadUseCase(reader, ids); });
}

domain::Annotations ReadAnnotations(std::string_view text) {
  domain::Annotations annotations;
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object()) return annotations;
  for (const auto& [name, value] : document.items()) {
    if (value.is_string()) annotations.emplace(name, value.get<std::string>());
  }
  return annotations;
}

std::string WriteAnnotations(const domain::Annotations& annotations) { return json(annotations).dump(); }

json WriteHardware(const std::vector<domain::Hardware>& hardware) {
  json list = json::array();
  for (const domain::Hardware& each : hardware) {
    json entry = {{"name", each.name}, {"prices", json::array()}};
    if (each.memory_gib) entry["memory_gib"] = *each.memory_gib;
    if (!each.aliases.empty()) entry["aliases"] = each.aliases;
    for (const auto& price : each.prices) entry["prices"].push_back(WritePrice(price));
    list.push_back(std::move(entry));
  }
  return list;
}

json WriteModels(const std::vector<domain::Model>& models) {
  json list = json::array();
  for (const domain::Model& each : models) {
    json entry = {{"name", each.name}};
    if (each.parameters_billion) entry["parameters_billion"] = *each.parameters_billion;
    if (each.kv_bytes_per_token) entry["kv_bytes_per_token"] = *each.kv_bytes_per_token;
    if (!each.architecture.empty()) entry["architecture"] = each.architecture;
    if (!each.base_model.empty()) entry["base_model"] = each.base_model;
    if (!each.tags.empty()) entry["tags"] = each.tags;
    for (const auto& [use_case, suitability] : each.use_cases) entry["use_cases"][use_case] = suitability;
    if (!each.metadata.empty()) entry["metadata"] = each.metadata;
    list.push_back(std::move(entry));
  }
  return list;
}

json WriteUseCases(const std::vector<domain::UseCase>& use_cases) {
  json list = json::array();
  for (const domain::UseCase& each : use_cases) {
    json entry = {{"id", each.id},
                  {"display_name", each.display_name},
                  {"description", each.description},
                  {"input_tokens", each.shape.input_tokens},
                  {"output_tokens", each.shape.output_tokens},
                  {"slo", each.slo.ToString()},
                  {"weights", WriteWeights(each.weights)}};
    if (each.excellent) entry["excellent_slo"] = each.excellent->ToString();
    if (!each.category.empty()) entry["category"] = each.category;
    if (!each.pipeline_tag.empty()) entry["pipeline_tag"] = each.pipeline_tag;
    if (!each.characteristics.empty()) entry["characteristics"] = each.characteristics;
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace loadline::json
