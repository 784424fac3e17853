#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/benchmark-store/api/running_store.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using ::testing::HasSubstr;

namespace pb = benchmark::v1;
namespace pbc = catalog::v1;
using Benchmarks = pb::BenchmarkService::Stub;
using CatalogStub = pbc::CatalogService::Stub;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A request that must be refused, and the field that is to blame.
struct BadInput {
  std::string name;
  std::string field;
  std::function<std::optional<base::Error>(RunningStore&)> call;
};

template <typename Stub, typename Request, typename Response>
BadInput Bad(const std::string& name, const std::string& field,
             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             const std::function<void(Request&)>& fill) {
  return {.name = name, .field = field, .call = [method, fill](RunningStore& store) {
            Request request;
            fill(request);
            Response response;
            if constexpr (std::is_same_v<Stub, Benchmarks>) {
              return RunningStore::Call(*store.benchmarks, method, request, &response);
            } else {
              return RunningStore::Call(*store.catalog, method, request, &response);
            }
          }};
}

BadInput BadImport(const std::string& name, const std::string& field,
                   const std::vector<pb::ImportBenchmarksRequest>& messages) {
  return {.name = name, .field = field, .call = [messages](RunningStore& store) {
            const auto response = store.Send(messages);
            return response ? std::nullopt : std::optional(response.error());
          }};
}

BadInput BadClosest(const std::string& name, const std::string& field, double input, double output,
                    std::optional<double> rate = {}) {
  return Bad<Benchmarks, pb::FindClosestBenchmarkRequest, pb::FindClosestBenchmarkResponse>(
      name, field, &Benchmarks::FindClosestBenchmark, [=](auto& request) {
        request.mutable_shape()->set_input_tokens(input);
        request.mutable_shape()->set_output_tokens(output);
        if (rate) request.set_requests_per_second(*rate);
      });
}

BadInput BadList(const std::string& name, const std::string& field,
                 const std::function<void(pb::ListBenchmarksRequest&)>& fill) {
  return Bad<Benchmarks, pb::ListBenchmarksRequest, pb::ListBenchmarksResponse>(name, field,
                                                                                &Benchmarks::ListBenchmarks, fill);
}

BadInput BadHardware(const std::string& name, const std::string& field,
                     const std::function<void(pbc::Hardware&)>& fill) {
  return Bad<CatalogStub, pbc::UpsertHardwareRequest, pbc::UpsertHardwareResponse>(
      name, field, &CatalogStub::UpsertHardware, [fill](auto& request) { fill(*request.mutable_hardware()); });
}

pb::ImportBenchmarksRequest ManyRows(int count) {
  return RunningStore::Rows(std::vector<domain::Measurement>(static_cast<std::size_t>(count)));
}

std::vector<BadInput> ClosestCases() {
  return {
      BadClosest("zero_input_tokens", "shape.input_tokens", 0, 256),
      BadClosest("negative_output_tokens", "shape.output_tokens", 512, -1),
      BadClosest("nan_input_tokens", "shape.input_tokens", kNan, 256),
      BadClosest("infinite_output_tokens", "shape.output_tokens", 512, kInfinity),
      BadClosest("absurd_input_tokens", "shape.input_tokens", 1e7 + 1, 256),
      BadClosest("zero_rate", "requests_per_second", 512, 256, 0),
      BadClosest("negative_rate", "requests_per_second", 512, 256, -2),
      BadClosest("nan_rate", "requests_per_second", 512, 256, kNan),
      BadClosest("infinite_rate", "requests_per_second", 512, 256, kInfinity),
      Bad<Benchmarks, pb::FindClosestBenchmarkRequest, pb::FindClosestBenchmarkResponse>(
          "no_shape", "shape.input_tokens", &Benchmarks::FindClosestBenchmark, [](auto&) {}),
  };
}

std::vector<BadInput> ListCases() {
  return {
      BadList("negative_page_size", "page_size", [](auto& r) { r.set_page_size(-1); }),
      BadList("damaged_page_token", "page_token", [](auto& r) { r.set_page_token("damaged"); }),
      BadList("future_revision", "revision", [](auto& r) { r.set_revision(1000); }),
      BadList("negative_revision", "revision", [](auto& r) { r.set_revision(-1); }),
      BadList("zero_hardware_count", "filter.hardware_count",
              [](auto& r) { r.mutable_filter()->set_hardware_count(0); }),
      BadList("bad_filter_shape", "filter.shape.output_tokens",
              [](auto& r) { r.mutable_filter()->mutable_shape()->set_input_tokens(5); }),
      Bad<Benchmarks, pb::GetBenchmarkRequest, pb::GetBenchmarkResponse>(
          "no_benchmark_id", "id", &Benchmarks::GetBenchmark, [](auto& r) { r.set_id("b-xyz"); }),
      Bad<Benchmarks, pb::ListConfigurationsRequest, pb::ListConfigurationsResponse>(
          "negative_configurations_page_size", "page_size", &Benchmarks::ListConfigurations,
          [](auto& r) { r.set_page_size(-1); }),
      Bad<Benchmarks, pb::ListQuarantinedRequest, pb::ListQuarantinedResponse>(
          "damaged_quarantine_page_token", "page_token", &Benchmarks::ListQuarantined,
          [](auto& r) { r.set_page_token("?"); }),
      Bad<CatalogStub, pbc::ListModelsRequest, pbc::ListModelsResponse>(
          "negative_models_page_size", "page_size", &CatalogStub::ListModels, [](auto& r) { r.set_page_size(-1); }),
      Bad<CatalogStub, pbc::ListHardwareRequest, pbc::ListHardwareResponse>("damaged_hardware_page_token", "page_token",
                                                                            &CatalogStub::ListHardware,
                                                                            [](auto& r) { r.set_page_token("?"); }),
      Bad<CatalogStub, pbc::ListUseCasesRequest, pbc::ListUseCasesResponse>("damaged_use_cases_page_token",
                                                                            "page_token", &CatalogStub::ListUseCases,
                                                                            [](auto& r) { r.set_page_token("?"); }),
  };
}

std::vector<BadInput> WriteCases() {
  return {
      BadImport("import_without_commit", "commit", {RunningStore::Rows({Sample({})})}),
      BadImport("import_of_nothing_at_all", "commit", {}),
      BadImport("import_with_wrong_row_count", "commit.row_count",
                {RunningStore::Rows({Sample({})}), RunningStore::Commit(2)}),
      BadImport("import_with_empty_message", "part", {pb::ImportBenchmarksRequest(), RunningStore::Commit(0)}),
      BadImport("import_with_too_many_rows_in_a_message", "rows", {ManyRows(1001), RunningStore::Commit(1001)}),
      BadHardware("hardware_without_name", "hardware.name", [](auto& h) { h.set_memory_gib(80); }),
      BadHardware("zero_memory", "hardware.memory_gib",
                  [](auto& h) {
                    h.set_name("X");
                    h.set_memory_gib(0);
                  }),
      BadHardware("nan_price", "hardware.prices[0].usd_per_gpu_hour",
                  [](auto& h) {
                    h.set_name("X");
                    auto* price = h.add_prices();
                    price->set_provider("aws");
                    price->set_purchase_option("spot");
                    price->set_usd_per_gpu_hour(kNan);
                  }),
  };
}

BadInput BadSearch(const std::string& name, const std::string& field,
                   const std::function<void(pb::SearchModelsRequest&)>& fill) {
  return Bad<Benchmarks, pb::SearchModelsRequest, pb::SearchModelsResponse>(name, field, &Benchmarks::SearchModels,
                                                                            fill);
}

std::vector<BadInput> SearchCases() {
  return {
      BadSearch("search_for_nothing", "query", [](auto&) {}),
      BadSearch("search_without_a_word", "query", [](auto& r) { r.set_query(" -- "); }),
      BadSearch("search_too_long", "query", [](auto& r) { r.set_query(std::string(1 << 20, 'x')); }),
      BadSearch("search_of_too_many_words", "query", [](auto& r) { r.set_query("a b c d e f g h i j k l m n o p q"); }),
      BadSearch("search_with_negative_page", "page_size",
                [](auto& r) {
                  r.set_query("a");
                  r.set_page_size(-1);
                }),
      BadSearch("search_with_damaged_token", "page_token",
                [](auto& r) {
                  r.set_query("a");
                  r.set_page_token("x");
                }),
  };
}

std::vector<BadInput> AllCases() {
  auto cases = ClosestCases();
  for (auto& more : {ListCases(), WriteCases(), SearchCases()}) cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

class BadInputTest : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputTest, NamesTheFieldAndChangesNothing) {
  RunningStore store;
  const auto before = store.storage.store->Current();
  const auto error = GetParam().call(store);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(*error, HasViolation(GetParam().field));
  EXPECT_THAT(error->message, HasSubstr(GetParam().field));
  EXPECT_EQ(store.storage.store->Current(), before);
}

INSTANTIATE_TEST_SUITE_P(Table, BadInputTest, ::testing::ValuesIn(AllCases()),
                         [](const auto& each) { return each.param.name; });

class BadInputWithData : public ::testing::Test {
 protected:
  BadInputWithData() {
    store_.Import({{.model = "org/llama-8b", .hardware = "H100"}, {.model = "b", .hardware = "L4"}});
  }
  RunningStore store_;
};

TEST_F(BadInputWithData, ATokenOfAnotherQueryIsRefused) {
  pb::ListBenchmarksRequest request;
  request.set_page_size(1);
  pb::ListBenchmarksResponse page;
  ASSERT_EQ(RunningStore::Call(*store_.benchmarks, &Benchmarks::ListBenchmarks, request, &page), std::nullopt);
  request.set_page_token(page.next_page_token());
  request.mutable_filter()->set_hardware("H100");
  const auto other_filter = RunningStore::Call(*store_.benchmarks, &Benchmarks::ListBenchmarks, request, &page);
  ASSERT_TRUE(other_filter.has_value());
  EXPECT_THAT(*other_filter, HasViolation("page_token"));
  pb::ListConfigurationsRequest configurations;
  configurations.set_page_token(request.page_token());
  pb::ListConfigurationsResponse response;
  const auto other_method =
      RunningStore::Call(*store_.benchmarks, &Benchmarks::ListConfigurations, configurations, &response);
  ASSERT_TRUE(other_method.has_value());
  EXPECT_THAT(*other_method, HasViolation("page_token"));
}

TEST_F(BadInputWithData, AnUnknownModelIsNotFoundAndTheClosestIsSuggested) {
  pb::FindClosestBenchmarkRequest request;
  request.mutable_shape()->set_input_tokens(1);
  request.mutable_shape()->set_output_tokens(1);
  request.mutable_filter()->set_model_hf_repo("org/lama-8b");
  pb::FindClosestBenchmarkResponse response;
  const auto error = RunningStore::Call(*store_.benchmarks, &Benchmarks::FindClosestBenchmark, request, &response);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(*error, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
  EXPECT_THAT(error->message, HasSubstr("`org/llama-8b`"));
}

TEST_F(BadInputWithData, AnIdThatIsNotThereIsNotFound) {
  pb::GetBenchmarkRequest request;
  request.set_id("b-000000000000000000000000");
  pb::GetBenchmarkResponse response;
  const auto error = RunningStore::Call(*store_.benchmarks, &Benchmarks::GetBenchmark, request, &response);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(*error, Fails(ErrorCode::kNotFound, "BENCHMARK_NOT_FOUND"));
}

TEST_F(BadInputWithData, ANegativeWatchPositionIsRefused) {
  grpc::ClientContext context;
  rpc::SetDeadline(context, RunningStore::kPatience);
  pb::WatchChangesRequest request;
  request.set_after_revision(-1);
  const auto reader = store_.benchmarks->WatchChanges(&context, request);
  pb::WatchChangesResponse message;
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_THAT(rpc::FromGrpcStatus(reader->Finish()), HasViolation("after_revision"));
}

TEST_F(BadInputWithData, AMessageThatIsTooLargeIsRefused) {
  auto message = RunningStore::Rows({Sample({})});
  message.mutable_rows()->mutable_rows(0)->set_location(std::string(5 << 20, 'x'));
  const auto response = store_.Send({message, RunningStore::Commit(1)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace loadline::store
