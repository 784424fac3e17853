#include "libs/domain/catalog.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "libs/json/catalog_json.h"
#include "libs/testing/matchers.h"

namespace loadline::domain {
namespace {

using ::loadline::testing::HasViolation;
using ::loadline::testing::IsOk;
using ::testing::ElementsAre;

Hardware Gpu(std::string name, std::optional<double> memory_gib = {}, std::vector<std::string> aliases = {}) {
  return {.name = std::move(name), .memory_gib = memory_gib, .prices = {}, .aliases = std::move(aliases)};
}

const std::vector<Hardware> kCatalog = {
    Gpu("A100-40", 40, {"A100-40GB"}),
    Gpu("A100-80", 80, {"A100-80GB", "A100-SXM4-80GB"}),
    Gpu("H100", 80, {"H100-80GB"}),
    Gpu("H100-NVL", 94),
    Gpu("H200", 141),
    Gpu("L4", 24),
    Gpu("L40S", 48),
    Gpu("MI300X", 192),
    Gpu("Gaudi2", std::nullopt, {"HL-225H"}),
};

TEST(CanonicalHardware, FindsWhatReportsAndPeopleWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {"H100", "H100"},
      {"h100", "H100"},
      {" H100\n", "H100"},
      {"NVIDIA-H100-80GB-HBM3", "H100"},
      {"NVIDIA H100 80GB HBM3", "H100"},
      {"H100-80GB-SXM", "H100"},
      {"h100_sxm5", "H100"},
      {"H100 PCIe", "H100"},
      {"NVIDIA H100 Tensor Core GPU", "H100"},
      {"NVIDIA H100 NVL", "H100-NVL"},
      {"A100-80", "A100-80"},
      {"a100 80gb", "A100-80"},
      {"NVIDIA A100-SXM4-80GB", "A100-80"},
      {"NVIDIA A100 80GB PCIe", "A100-80"},
      {"NVIDIA-A100-PCIE-40GB", "A100-40"},
      {"NVIDIA L4", "L4"},
      {"Tesla L4 24GB", "L4"},
      {"NVIDIA L40S", "L40S"},
      {"NVIDIA H200 141GB", "H200"},
      {"AMD Instinct MI300X OAM", "MI300X"},
      {"hl-225h", "Gaudi2"},
      {"Gaudi2 96GB", "Gaudi2"},
  };
  for (const auto& [written, name] : cases) EXPECT_EQ(CanonicalHardware(written, kCatalog), name) << written;
}

TEST(CanonicalHardware, NeverGuesses) {
  // Each is near an entry, but not it: unknown memory of an A100, other GPUs
  // whose names contain a known one, more memory than the entry has.
  for (const char* name : {"A100", "NVIDIA A100", "L40", "L", "H10", "H1000", "H100e", "GH200", "H200 80GB",
                           "NVIDIA H100 192GB", "H100 MIG 3g.40gb", "NVIDIA", "80GB", "B200", "2x H100"}) {
    EXPECT_EQ(CanonicalHardware(name, kCatalog), name);
  }
  EXPECT_EQ(CanonicalHardware("  New GPU ", kCatalog), "New GPU");
  EXPECT_EQ(CanonicalHardware("", kCatalog), "");
  EXPECT_EQ(CanonicalHardware("NVIDIA H100", {}), "NVIDIA H100");
}

TEST(CanonicalHardware, IsIdempotent) {
  for (const auto& hardware : kCatalog) {
    EXPECT_EQ(CanonicalHardware(hardware.name, kCatalog), hardware.name);
    for (const auto& alias : hardware.aliases) EXPECT_EQ(CanonicalHardware(alias, kCatalog), hardware.name) << alias;
  }
}

std::vector<Hardware> ShippedCatalog() {
  std::ifstream file(std::filesystem::path(LOADLINE_SOURCE_DIR) / "data" / "hardware.json");
  return json::ReadHardware(nlohmann::json::parse(file)).value();
}

TEST(CanonicalHardware, NoNameOrAliasOfTheShippedCatalogueMeansTwoThings) {
  const auto catalog = ShippedCatalog();
  ASSERT_FALSE(catalog.empty());
  for (const auto& hardware : catalog) {
    EXPECT_THAT(Validate(hardware), IsOk()) << hardware.name;
    EXPECT_EQ(CanonicalHardware(hardware.name, catalog), hardware.name);
    for (const auto& alias : hardware.aliases) EXPECT_EQ(CanonicalHardware(alias, catalog), hardware.name) << alias;
  }
}

TEST(CanonicalHardware, TheShippedCatalogueKnowsWhatDriversReport) {
  const auto catalog = ShippedCatalog();
  EXPECT_EQ(CanonicalHardware("NVIDIA H100 80GB HBM3", catalog), "H100");
  EXPECT_EQ(CanonicalHardware("NVIDIA A100-SXM4-80GB", catalog), "A100-80");
  EXPECT_EQ(CanonicalHardware("NVIDIA L40S", catalog), "L40S");
  EXPECT_EQ(CanonicalHardware("NVIDIA L4", catalog), "L4");
}

Hardware Priced(double usd) {
  Hardware hardware = Gpu("X", 10);
  hardware.prices = {{"aws", "on_demand", usd}};
  return hardware;
}

TEST(Validate, AcceptsOrdinaryHardware) {
  EXPECT_THAT(Validate(Priced(2.5)), IsOk());
  EXPECT_THAT(Validate(Gpu("X")), IsOk());
}

TEST(Validate, RefusesPricesAndMemoryThatCannotBe) {
  for (const double wrong : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e9}) {
    EXPECT_THAT(Validate(Priced(wrong)), HasViolation("hardware.prices[0].usd_per_gpu_hour")) << wrong;
    EXPECT_THAT(Validate(Gpu("X", wrong), "h"), HasViolation("h.memory_gib")) << wrong;
  }
}

TEST(Validate, RefusesNamesThatAreNone) {
  for (const std::string& wrong : {std::string(), std::string("  "), std::string(129, 'x'), std::string("a\nb")}) {
    EXPECT_THAT(Validate(Gpu(wrong)), HasViolation("hardware.name"));
    EXPECT_THAT(Validate(Gpu("X", 1, {"ok", wrong})), HasViolation("hardware.aliases[1]"));
  }
  Hardware hardware = Priced(1);
  hardware.prices[0].provider = "";
  hardware.prices[0].purchase_option = "";
  EXPECT_THAT(Validate(hardware), HasViolation("hardware.prices[0].provider"));
  EXPECT_THAT(Validate(hardware), HasViolation("hardware.prices[0].purchase_option"));
}

TEST(Validate, RefusesASecondPriceOfOneProviderAndOption) {
  Hardware hardware = Priced(1);
  hardware.prices.push_back({"aws", "spot", 1});
  EXPECT_THAT(Validate(hardware), IsOk());
  hardware.prices.push_back({"aws", "on_demand", 2});
  EXPECT_THAT(Validate(hardware), HasViolation("hardware.prices[2]"));
}

TEST(Validate, RefusesListsOfOverAThousandWithOneComplaint) {
  Hardware hardware = Gpu("X", 1, std::vector<std::string>(1000, "ok"));
  EXPECT_THAT(Validate(hardware), IsOk());
  hardware.aliases.assign(1001, "");
  EXPECT_THAT(Validate(hardware), HasViolation("hardware.aliases"));
  EXPECT_EQ(Validate(hardware).error().violations.size(), 1u);
  hardware.prices.resize(1001);
  EXPECT_THAT(Validate(hardware), HasViolation("hardware.prices"));
}

TEST(Validate, ListsEveryViolation) {
  Hardware hardware = Priced(-1);
  hardware.name = "";
  hardware.memory_gib = 0;
  EXPECT_EQ(Validate(hardware).error().violations.size(), 3u);
}

TEST(Merge, ReplacesMemoryAndAliasesThatAreSet) {
  const Hardware known = Gpu("X", 10, {"a", "b"});
  EXPECT_EQ(Merge(known, Gpu("X")), known);
  const Hardware merged = Merge(known, Gpu("X", 20, {"c"}));
  EXPECT_EQ(merged.memory_gib, 20);
  EXPECT_THAT(merged.aliases, ElementsAre("c"));
}

TEST(Merge, ReplacesThePriceOfAProviderAndOptionAndKeepsTheOrder) {
  Hardware known = Gpu("X");
  known.prices = {{"aws", "on_demand", 3}, {"gcp", "spot", 1}};
  Hardware change = Gpu("X");
  change.prices = {{"gcp", "on_demand", 2}, {"aws", "on_demand", 4}, {"aws", "spot", 0.5}};
  const Hardware merged = Merge(known, change);
  EXPECT_THAT(merged.prices, ElementsAre(HardwarePrice{"aws", "on_demand", 4}, HardwarePrice{"aws", "spot", 0.5},
                                         HardwarePrice{"gcp", "on_demand", 2}, HardwarePrice{"gcp", "spot", 1}));
  EXPECT_EQ(Merge(merged, change), merged);
}

}  // namespace
}  // namespace loadline::domain
