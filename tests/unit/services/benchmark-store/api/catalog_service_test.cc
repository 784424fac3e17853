#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "tests/unit/services/benchmark-store/api/running_store.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace pbc = catalog::v1;
using Stub = pbc::CatalogService::Stub;

class CatalogServiceTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Response response;
    EXPECT_EQ(RunningStore::Call(*store_.catalog, method, request, &response), std::nullopt);
    return response;
  }

  RunningStore store_;
};

TEST_F(CatalogServiceTest, ListsModelsOfCatalogueAndBenchmarksInPages) {
  store_.Import({{.model = "a/first-3b"}, {.model = "z"}});
  pbc::ListModelsRequest request;
  request.set_page_size(2);
  const auto first = Call(&Stub::ListModels, request);
  ASSERT_EQ(first.models_size(), 2);
  EXPECT_EQ(first.models(0).model_hf_repo(), "a/first-3b");
  EXPECT_EQ(first.models(0).parameters_billion(), 3);
  EXPECT_TRUE(first.models(0).parameters_from_name());
  EXPECT_EQ(first.models(0).benchmark_count(), 1);
  EXPECT_EQ(first.models(1).model_hf_repo(), "known/model");
  EXPECT_FALSE(first.models(1).parameters_from_name());
  EXPECT_EQ(first.revision(), 2);
  request.set_page_token(first.next_page_token());
  const auto second = Call(&Stub::ListModels, request);
  ASSERT_EQ(second.models_size(), 1);
  EXPECT_EQ(second.models(0).model_hf_repo(), "z");
  EXPECT_FALSE(second.models(0).has_parameters_billion());
  EXPECT_THAT(second.next_page_token(), IsEmpty());
}

TEST_F(CatalogServiceTest, ListsHardwareWithPrices) {
  const auto response = Call(&Stub::ListHardware, {});
  ASSERT_EQ(response.hardware_size(), 2);
  EXPECT_EQ(response.hardware(0).name(), "H100");
  EXPECT_EQ(response.hardware(0).memory_gib(), 80);
  EXPECT_EQ(response.hardware(0).prices(0).usd_per_gpu_hour(), 2);
  EXPECT_THAT(response.hardware(0).aliases(), ElementsAre("H100-SXM"));
  EXPECT_EQ(response.revision(), 1);
}

TEST_F(CatalogServiceTest, ListsUseCases) {
  const auto response = Call(&Stub::ListUseCases, {});
  ASSERT_EQ(response.use_cases_size(), 1);
  EXPECT_EQ(response.use_cases(0).id(), "chatbot");
  EXPECT_EQ(response.use_cases(0).slo(), "ttft:p95<500ms");
  EXPECT_EQ(response.use_cases(0).shape().output_tokens(), 256);
}

TEST_F(CatalogServiceTest, UpsertsAPriceAndKeepsIt) {
  pbc::UpsertHardwareRequest request;
  request.mutable_hardware()->set_name("h100");
  auto* price = request.mutable_hardware()->add_prices();
  price->set_provider("gcp");
  price->set_purchase_option("spot");
  price->set_usd_per_gpu_hour(1.25);
  const auto first = Call(&Stub::UpsertHardware, request);
  EXPECT_EQ(first.revision(), 2);
  EXPECT_EQ(first.hardware().name(), "H100");
  EXPECT_EQ(first.hardware().prices_size(), 2);
  const auto again = Call(&Stub::UpsertHardware, request);
  EXPECT_EQ(again.revision(), 2) << "idempotent";
  EXPECT_EQ(Call(&Stub::ListHardware, {}).hardware(0).prices_size(), 2);
}

TEST_F(CatalogServiceTest, HardwareThatCannotBeWrittenIsNotChanged) {
  store_.storage.folder.BlockWritesOf("hardware.json");
  pbc::UpsertHardwareRequest request;
  request.mutable_hardware()->set_name("NEW");
  pbc::UpsertHardwareResponse response;
  const auto error = RunningStore::Call(*store_.catalog, &Stub::UpsertHardware, request, &response);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(*error, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_EQ(Call(&Stub::ListHardware, {}).hardware_size(), 2);
}

}  // namespace
}  // namespace loadline::store
