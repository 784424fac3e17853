#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "data/generate/demo_matrix.h"
#include "libs/domain/configuration.h"
#include "libs/json/catalog_json.h"
#include "tests/data/data_files.h"

namespace loadline {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::DoubleNear;
using testing::Field;
using testing::IsSupersetOf;
using testing::SizeIs;

std::vector<domain::Hardware> AllHardware() {
  return *json::ReadHardware(test::ReadRepositoryJson("data/hardware.json"));
}
std::vector<domain::Model> AllModels() { return *json::ReadModels(test::ReadRepositoryJson("data/models.json")); }
std::vector<domain::UseCase> AllUseCases() {
  return *json::ReadUseCases(test::ReadRepositoryJson("data/use_cases.json"));
}

template <typename T>
const T& Named(const std::vector<T>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& element) { return element.name == name; });
  if (found == all.end()) throw std::out_of_range("not in the catalogue: " + name);
  return *found;
}

std::set<std::string> HardwareNames() {
  std::set<std::string> names;
  for (const domain::Hardware& hardware : AllHardware()) names.insert(hardware.name);
  return names;
}

TEST(CatalogData, HasTheUsualGpus) {
  EXPECT_THAT(HardwareNames(),
              IsSupersetOf({"H100", "H200", "A100-80", "A100-40", "L4", "L40S", "A10G", "B200", "MI300X", "MI325X"}));
}

TEST(CatalogData, HasMemoryAndAnOnDemandPriceForAllHardware) {
  for (const domain::Hardware& hardware : AllHardware()) {
    EXPECT_TRUE(hardware.memory_gib.has_value()) << hardware.name;
    EXPECT_THAT(hardware.prices, Contains(Field(&domain::HardwarePrice::purchase_option, "on_demand")))
        << hardware.name;
    EXPECT_TRUE(domain::Validate(hardware).has_value()) << hardware.name;
  }
}

TEST(CatalogData, PricesCommitmentsBelowOnDemand) {
  for (const domain::Hardware& hardware : AllHardware()) {
    for (const domain::HardwarePrice& price : hardware.prices) {
      const auto on_demand = std::find_if(hardware.prices.begin(), hardware.prices.end(), [&](const auto& other) {
        return other.provider == price.provider && other.purchase_option == "on_demand";
      });
      ASSERT_NE(on_demand, hardware.prices.end()) << hardware.name << " " << price.provider;
      EXPECT_LE(price.usd_per_gpu_hour, on_demand->usd_per_gpu_hour) << hardware.name << " " << price.provider;
    }
  }
}

TEST(CatalogData, GivesEachHardwareNameAndAliasToOneGpuType) {
  std::set<std::string> seen;
  for (const domain::Hardware& hardware : AllHardware()) {
    EXPECT_TRUE(seen.insert(domain::Lower(hardware.name)).second) << hardware.name;
    for (const std::string& alias : hardware.aliases) EXPECT_TRUE(seen.insert(domain::Lower(alias)).second) << alias;
  }
}

TEST(CatalogData, KnowsWhatReportsCallTheirGpus) {
  const auto catalog = AllHardware();
  EXPECT_EQ(domain::CanonicalHardware("NVIDIA-H100-80GB-HBM3", catalog), "H100");
  EXPECT_EQ(domain::CanonicalHardware("nvidia-l40s", catalog), "L40S");
  EXPECT_EQ(domain::CanonicalHardware("a100-80gb", catalog), "A100-80");
  EXPECT_EQ(domain::CanonicalHardware("AMD-Instinct-MI300X-OAM", catalog), "MI300X");
}

TEST(CatalogData, KnowsMemoryAndModelOfEveryDemoDeployment) {
  const auto hardware = AllHardware();
  const auto models = AllModels();
  for (const demo::Deployment& deployment : demo::Deployments()) {
    EXPECT_EQ(Named(models, deployment.model.name).parameters_billion, deployment.model.parameters_billion);
    EXPECT_EQ(Named(models, deployment.model.name).kv_bytes_per_token, deployment.model.kv_bytes_per_token);
    EXPECT_EQ(Named(hardware, deployment.gpu.name).memory_gib, deployment.gpu.memory_gib);
  }
}

TEST(CatalogData, HasRoomForTheWeightsOfEveryDemoDeployment) {
  for (const demo::Deployment& deployment : demo::Deployments()) {
    domain::Configuration configuration;
    configuration.model = deployment.model.name;
    configuration.precision = deployment.precision;
    const double bytes = deployment.model.parameters_billion * 1e9 * *domain::WeightBits(configuration) / 8 * 1.2;
    EXPECT_LT(bytes, deployment.gpus * deployment.gpu.memory_gib * 1024 * 1024 * 1024) << deployment.model.name;
  }
}

TEST(CatalogData, HasTheNineUseCases) {
  std::vector<std::string> ids;
  for (const domain::UseCase& use_case : AllUseCases()) ids.push_back(use_case.id);
  EXPECT_THAT(ids, testing::ElementsAre("chatbot", "code_completion", "code_generation", "content_generation",
                                        "long_document_summarisation", "rag", "research_analysis",
                                        "short_summarisation", "translation"));
}

TEST(CatalogData, WhatIsExcellentIsLessThanWhatIsPromised) {
  for (const domain::UseCase& use_case : AllUseCases()) {
    ASSERT_TRUE(use_case.excellent) << use_case.id;
    const auto& promised = use_case.slo.limits();
    const auto& excellent = use_case.excellent->limits();
    ASSERT_EQ(excellent.size(), promised.size()) << use_case.id;
    for (std::size_t i = 0; i < promised.size(); ++i) {
      EXPECT_EQ(excellent[i].metric, promised[i].metric) << use_case.id;
      EXPECT_EQ(excellent[i].statistic, promised[i].statistic) << use_case.id;
      EXPECT_LT(excellent[i].max_ms, promised[i].max_ms) << use_case.id;
    }
  }
}

TEST(CatalogData, GivesUseCasesShapesOfTheDemoSetAndWeightsThatAddUpToOne) {
  for (const domain::UseCase& use_case : AllUseCases()) {
    const auto measured = std::find_if(demo::kShapes.begin(), demo::kShapes.end(), [&](const demo::Shape& shape) {
      return shape.input == use_case.shape.input_tokens && shape.output == use_case.shape.output_tokens;
    });
    EXPECT_NE(measured, demo::kShapes.end()) << use_case.id;
    EXPECT_THAT(use_case.weights.cost + use_case.weights.latency + use_case.weights.quality, DoubleNear(1, 1e-9))
        << use_case.id;
  }
}

}  // namespace
}  // namespace loadline
