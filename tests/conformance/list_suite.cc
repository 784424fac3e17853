#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "tests/conformance/suite.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Rows that differ in each part of the order, shuffled.
std::vector<SampleOptions> ManyRows(unsigned seed) {
  std::vector<SampleOptions> rows;
  for (const char* model : {"a-model", "b"}) {
    for (const char* precision : {"bf16", "fp8"}) {
      for (const double input : {90.0, 100.0, 1000.0}) {
        for (const double rate : {0.5, 2.0, 10.0}) {
          for (const int variant : {0, 1}) {
            rows.push_back(
                {.model = model, .precision = precision, .input_tokens = input, .rate = rate, .variant = variant});
          }
        }
      }
    }
  }
  std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
  return rows;
}

auto OrderOf(const domain::Benchmark& row) {
  return std::tuple(row.measurement.configuration, row.shape, *row.measurement.load.achieved_rps, row.id);
}

bool IsInOrder(const std::vector<domain::Benchmark>& rows) {
  return std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return OrderOf(a) < OrderOf(b); });
}

TEST_P(RepositorySuite, ListIsInOrderOfConfigurationShapeRateAndId) {
  const auto rows = ManyRows(1);
  Import(rows);
  const auto listed = All();
  EXPECT_THAT(listed, SizeIs(rows.size()));
  EXPECT_TRUE(IsInOrder(listed));
}

TEST_P(RepositorySuite, ListIsInTheSameOrderHoweverTheRowsCame) {
  const auto rows = ManyRows(2);
  for (std::size_t first = 0; first < rows.size(); first += 7) {
    const auto last = std::min(first + 7, rows.size());
    Import({rows.begin() + static_cast<std::ptrdiff_t>(first), rows.begin() + static_cast<std::ptrdiff_t>(last)});
  }
  const auto listed = All();
  EXPECT_THAT(listed, SizeIs(rows.size()));
  EXPECT_TRUE(IsInOrder(listed));
}

TEST_P(RepositorySuite, PagesOfAnySizeAddUpToTheWhole) {
  Import(ManyRows(3));
  const auto whole = All();
  for (const int size : {1, 5, 71, 72, 73}) {
    PageRequest request = {.size = size};
    std::vector<domain::Benchmark> collected;
    do {
      const auto page = benchmarks().List({}, request, {}).value();
      EXPECT_LE(page.items.size(), static_cast<std::size_t>(size));
      collected.insert(collected.end(), page.items.begin(), page.items.end());
      request.after = page.next;
      request.revision = page.revision;
    } while (!request.after.empty());
    EXPECT_EQ(collected, whole) << "pages of " << size;
  }
}

TEST_P(RepositorySuite, AFullLastPageHasNoNext) {
  Import({{.rate = 1}, {.rate = 2}});
  EXPECT_THAT(benchmarks().List({}, {.size = 2}, {}).value().next, IsEmpty());
}

TEST_P(RepositorySuite, PagesAfterTheFirstReadTheSameRevisionWhateverWasImportedSince) {
  Import({{.rate = 1}, {.rate = 3}});
  const auto first = benchmarks().List({}, {.size = 1}, {}).value();
  Import({{.rate = 2}, {.rate = 4}});
  const auto second = benchmarks().List({}, {.size = 10, .after = first.next, .revision = first.revision}, {}).value();
  EXPECT_THAT(IdsOf(second.items), ElementsAre(IdOf({.rate = 3})));
  EXPECT_EQ(second.revision, first.revision);
}

TEST_P(RepositorySuite, ListReadsAnyPastRevision) {
  const auto first = Import({{.rate = 1}}).revision;
  const auto second = Import({{.rate = 0.5}}).revision;
  Import({{.rate = 2}});
  EXPECT_THAT(IdsOf(All({}, first)), ElementsAre(IdOf({.rate = 1})));
  EXPECT_THAT(IdsOf(All({}, second)), ElementsAre(IdOf({.rate = 0.5}), IdOf({.rate = 1})));
  EXPECT_THAT(All(), SizeIs(3));
}

TEST_P(RepositorySuite, NoMatchIsAnEmptyPage) {
  Import({{}});
  for (const auto& filter : {domain::BenchmarkFilter{.model = "other"}, {.hardware_count = 2}, {.shape = {{1, 1}}}}) {
    const auto page = benchmarks().List(filter, {}, {});
    ASSERT_THAT(page, IsOk());
    EXPECT_THAT(page->items, IsEmpty());
    EXPECT_THAT(page->next, IsEmpty());
  }
}

TEST_P(RepositorySuite, AFutureRevisionFails) {
  const auto revision = Import({{}}).revision;
  const auto listed = benchmarks().List({}, {.revision = revision + 1}, {});
  EXPECT_THAT(listed, HasViolation("revision"));
  EXPECT_EQ(listed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(benchmarks().ListConfigurations({}, {.revision = revision + 1}, {}), HasViolation("revision"));
  EXPECT_THAT(benchmarks().ListQuarantined({.revision = revision + 1}, {}), HasViolation("revision"));
}

TEST_P(RepositorySuite, AnAfterThatNoPageGaveFails) {
  Import({{}});
  for (const char* after : {"nonsense", "b-000000000000000000000000", "1 nonsense", "-1 b-000000000000000000000000"}) {
    EXPECT_EQ(benchmarks().List({}, {.after = after}, {}).error().code, ErrorCode::kInvalidArgument) << after;
    EXPECT_EQ(benchmarks().ListConfigurations({}, {.after = after}, {}).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(benchmarks().ListQuarantined({.after = after}, {}).error().code, ErrorCode::kInvalidArgument);
  }
}

/// A filter, and the only row of `kFilterRows` that it lets through.
struct FilterCase {
  domain::BenchmarkFilter filter;
  std::size_t row;
};

TEST_P(RepositorySuite, EveryFieldOfAFilterSelects) {
  const std::vector<SampleOptions> rows = {{.model = "m"},         {.precision = "int4"},   {.hardware = "L40S"},
                                           {.hardware_count = 8},  {.framework = "sglang"}, {.framework_version = "2"},
                                           {.input_tokens = 100.5}};
  Import(rows);
  const std::vector<FilterCase> cases = {{{.model = "m"}, 0},           {{.precision = "int4"}, 1},
                                         {{.hardware = "L40S"}, 2},     {{.hardware_count = 8}, 3},
                                         {{.framework = "sglang"}, 4},  {{.framework_version = "2"}, 5},
                                         {{.shape = {{100.5, 256}}}, 6}};
  for (const auto& [filter, row] : cases) EXPECT_THAT(IdsOf(All(filter)), ElementsAre(IdOf(rows[row]))) << row;
}

TEST_P(RepositorySuite, FieldsOfAFilterAreAnded) {
  Import({{.hardware = "H100", .hardware_count = 1},
          {.hardware = "H100", .hardware_count = 2},
          {.hardware = "L4", .hardware_count = 2}});
  EXPECT_THAT(IdsOf(All({.hardware = "H100", .hardware_count = 2})),
              ElementsAre(IdOf({.hardware = "H100", .hardware_count = 2})));
}

TEST_P(RepositorySuite, GetReturnsAllThatWasImported) {
  const SampleOptions options = {.origin = domain::Origin::kSimulated};
  const auto revision = Import({options}).revision;
  const auto row = benchmarks().Get(IdOf(options), {});
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ(row->id, IdOf(options));
  EXPECT_EQ(row->measurement, Sample(options));
  EXPECT_EQ(row->shape, (domain::TrafficShape{512, 256}));
  EXPECT_EQ(row->revision, revision);
}

TEST_P(RepositorySuite, GetKeepsAbsentValuesAbsent) {
  auto verdict = Accepted({});
  verdict.measurement.completed_requests.reset();
  verdict.measurement.failed_requests.reset();
  verdict.measurement.measured_at.reset();
  verdict.measurement.load.offered_rps = {};
  verdict.measurement.tpot = {};
  auto session = Begin();
  ASSERT_THAT(session->Accept(verdict), IsOk());
  ASSERT_THAT(session->Commit(), IsOk());
  session.reset();  // it may not outlive its backend
  Restart();
  const auto row = benchmarks().Get(domain::BenchmarkId::Of(verdict.measurement), {});
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ(row->measurement, verdict.measurement);
}

TEST_P(RepositorySuite, GetFailsIfThereIsNone) {
  Import({{}});
  EXPECT_THAT(benchmarks().Get(IdOf({.rate = 9}), {}), Fails(ErrorCode::kNotFound, "BENCHMARK_NOT_FOUND"));
}

TEST_P(RepositorySuite, ListConfigurationsSumsUpEachInOrder) {
  Import({{.model = "b", .rate = 1},
          {.model = "b", .rate = 2},
          {.model = "b", .input_tokens = 100, .origin = domain::Origin::kSynthetic},
          {.model = "a"}});
  const auto page = benchmarks().ListConfigurations({}, {}, {}).value();
  ASSERT_THAT(page.items, SizeIs(2));
  EXPECT_EQ(page.items[0].configuration.model, "a");
  const auto& second = page.items[1];
  EXPECT_EQ(second.configuration, Sample({.model = "b"}).configuration);
  EXPECT_EQ(second.benchmark_count, 3);
  EXPECT_THAT(second.shapes, ElementsAre(domain::TrafficShape{100, 256}, domain::TrafficShape{512, 256}));
  EXPECT_THAT(second.origins, ElementsAre(domain::Origin::kMeasured, domain::Origin::kSynthetic));
}

TEST_P(RepositorySuite, ListConfigurationsWithAShapeCountsOnlyThatShape) {
  Import(
      {{.model = "a", .input_tokens = 100}, {.model = "a", .input_tokens = 200}, {.model = "b", .input_tokens = 200}});
  const auto page = benchmarks().ListConfigurations({.shape = {{100, 256}}}, {}, {}).value();
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].benchmark_count, 1);
  EXPECT_THAT(page.items[0].shapes, ElementsAre(domain::TrafficShape{100, 256}));
}

TEST_P(RepositorySuite, ListConfigurationsPagesReadOneRevision) {
  Import({{.model = "a"}, {.model = "c"}, {.model = "e"}});
  const auto first = benchmarks().ListConfigurations({}, {.size = 2}, {}).value();
  Import({{.model = "c", .rate = 7}, {.model = "d"}, {.model = "e", .rate = 7}});
  const auto second =
      benchmarks().ListConfigurations({}, {.size = 2, .after = first.next, .revision = first.revision}, {}).value();
  ASSERT_THAT(second.items, SizeIs(1));
  EXPECT_EQ(second.items[0].configuration.model, "e");
  EXPECT_EQ(second.items[0].benchmark_count, 1);
  EXPECT_THAT(second.next, IsEmpty());
}

TEST_P(RepositorySuite, ModelsAreSortedAndCounted) {
  Import({{.model = "b"}, {.model = "b", .rate = 2}, {.model = "b", .hardware = "L4"}, {.model = "a"}});
  const auto models = benchmarks().Models({}).value();
  ASSERT_THAT(models, SizeIs(2));
  EXPECT_EQ(models[0].name, "a");
  EXPECT_EQ(models[1].name, "b");
  EXPECT_EQ(models[1].configuration_count, 2);
  EXPECT_EQ(models[1].benchmark_count, 3);
}

}  // namespace
}  // namespace loadline::store
