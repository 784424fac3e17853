#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "tests/data/data_files.h"

namespace loadline {
namespace {

using nlohmann::json;
using test::ReadRepositoryJson;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// What the schema data/schemas/`name`.schema.json says against `document`:
/// one "<place>: description" an error.
std::vector<std::string> Errors(const std::string& name, const json& document) {
  const json schema_document = ReadRepositoryJson("data/schemas/" + name + ".schema.json");
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document), schema);
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
  std::vector<std::string> errors;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    std::string place;
    for (const std::string& step : error.context) place += step;
    errors.push_back(place + ": " + error.description);
  }
  return errors;
}

json Document(const std::string& name) { return ReadRepositoryJson("data/" + name + ".json"); }

class DataFile : public testing::TestWithParam<std::string> {};

TEST_P(DataFile, SatisfiesItsSchema) { EXPECT_THAT(Errors(GetParam(), Document(GetParam())), IsEmpty()); }

TEST_P(DataFile, MayBeEmpty) { EXPECT_THAT(Errors(GetParam(), {{GetParam(), json::array()}}), IsEmpty()); }

TEST_P(DataFile, MustHoldItsList) { EXPECT_THAT(Errors(GetParam(), json::object()), Contains(HasSubstr(GetParam()))); }

TEST_P(DataFile, HoldsNothingUnknownAtTheTop) {
  json document = Document(GetParam());
  document["commment"] = "a typing error";
  EXPECT_THAT(Errors(GetParam(), document), Contains(HasSubstr("commment")));
}

INSTANTIATE_TEST_SUITE_P(All, DataFile, testing::Values("benchmarks", "hardware", "models", "use_cases"),
                         [](const auto& suite) { return suite.param; });

/// One thing that is wrong with the first element of a file.
struct Mistake {
  std::string name;
  std::string file;
  json::json_pointer place;
  /// Put there; null: the member is removed.
  json value;

  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

json WithMistake(const Mistake& mistake) {
  json document = Document(mistake.file);
  json& parent = document[mistake.place.parent_pointer()];
  if (mistake.value.is_null()) {
    parent.erase(mistake.place.back());
  } else {
    document[mistake.place] = mistake.value;
  }
  return document;
}

class WrongData : public testing::TestWithParam<Mistake> {};

TEST_P(WrongData, IsRefusedAtItsPlace) {
  const auto errors = Errors(GetParam().file, WithMistake(GetParam()));
  EXPECT_THAT(errors, Contains(HasSubstr("[0]")));
}

json::json_pointer At(const std::string& path) { return json::json_pointer(path); }

const std::vector<Mistake> kMistakes = {
    {"HardwareWithoutName", "hardware", At("/hardware/0/name"), nullptr},
    {"HardwareWithBlankName", "hardware", At("/hardware/0/name"), " "},
    {"HardwareWithoutMemory", "hardware", At("/hardware/0/memory_gib"), 0},
    {"NegativePrice", "hardware", At("/hardware/0/prices/0/usd_per_gpu_hour"), -1.5},
    {"PriceAsText", "hardware", At("/hardware/0/prices/0/usd_per_gpu_hour"), "2.75"},
    {"PriceWithoutProvider", "hardware", At("/hardware/0/prices/0/provider"), nullptr},
    {"UnknownHardwareField", "hardware", At("/hardware/0/memory_gb"), 80},
    {"ModelNameInCapitals", "models", At("/models/0/name"), "Meta-Llama/Llama"},
    {"NegativeParameters", "models", At("/models/0/parameters_billion"), -8},
    {"NoKvBytes", "models", At("/models/0/kv_bytes_per_token"), 0},
    {"UnknownSloMetric", "use_cases", At("/use_cases/0/slo"), "tfft:p95<500ms"},
    {"UnknownSloStatistic", "use_cases", At("/use_cases/0/slo"), "ttft:p96<500ms"},
    {"SloWithoutUnit", "use_cases", At("/use_cases/0/slo"), "ttft:p95<500"},
    {"NoTokens", "use_cases", At("/use_cases/0/input_tokens"), 0},
    {"WeightAboveOne", "use_cases", At("/use_cases/0/weights/cost"), 1.5},
    {"MissingWeight", "use_cases", At("/use_cases/0/weights/quality"), nullptr},
    {"BenchmarkWithoutModel", "benchmarks", At("/benchmarks/0/model_hf_repo"), nullptr},
    {"BenchmarkWithoutAchievedRate", "benchmarks", At("/benchmarks/0/responses_per_second"), nullptr},
    {"ZeroLatency", "benchmarks", At("/benchmarks/0/ttft_p95"), 0},
    {"LatencyAsText", "benchmarks", At("/benchmarks/0/e2e_mean"), "3134.7"},
    {"HalfAGpu", "benchmarks", At("/benchmarks/0/hardware_count"), 0.5},
    {"DateWithoutTime", "benchmarks", At("/benchmarks/0/measured_at"), "2026-11-01"},
};

INSTANTIATE_TEST_SUITE_P(All, WrongData, testing::ValuesIn(kMistakes),
                         [](const auto& suite) { return suite.param.name; });

}  // namespace
}  // namespace loadline
