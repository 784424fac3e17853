#include "cli/client/store_client.h"

#include <algorithm>
#include <utility>

#include "cli/client/call.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"

namespace loadline::cli {
namespace {

using BenchmarkStub = benchmark_api::BenchmarkService::Stub;
using CatalogStub = catalog_api::CatalogService::Stub;
using ImportStream = grpc::ClientWriter<benchmark_api::ImportBenchmarksRequest>;

benchmark_api::ImportBenchmarksRequest RowsMessage(const ImportPlan& plan, std::size_t from) {
  benchmark_api::ImportBenchmarksRequest message;
  const std::size_t to = std::min(from + StoreClient::kRowsPerMessage, plan.row_count);
  for (std::size_t i = from; i < to; ++i) plan.fill_row(i, message.mutable_rows()->add_rows());
  return message;
}

// False when the store has ended the call already: its status says why.
bool WriteRows(const ImportPlan& plan, ImportStream& stream) {
  for (std::size_t from = 0; from < plan.row_count; from += StoreClient::kRowsPerMessage) {
    if (!stream.Write(RowsMessage(plan, from))) return false;
    plan.on_progress(std::min(from + StoreClient::kRowsPerMessage, plan.row_count));
  }
  return true;
}

void WriteCommit(const ImportPlan& plan, ImportStream& stream) {
  benchmark_api::ImportBenchmarksRequest message;
  message.mutable_commit()->set_row_count(static_cast<std::int64_t>(plan.row_count));
  message.mutable_commit()->set_validate_only(plan.validate_only);
  stream.Write(message);
  stream.WritesDone();
}

}  // namespace

struct StoreClient::Connection {
  Peer peer;
  std::unique_ptr<BenchmarkStub> benchmarks;
  std::unique_ptr<CatalogStub> catalog;
};

StoreClient::StoreClient(Endpoint endpoint) : connection_(std::make_unique<Connection>()) {
  const auto channel = rpc::MakeChannel(endpoint.address);
  connection_->peer = {.service = "benchmark-store", .setting = "--store", .endpoint = std::move(endpoint)};
  connection_->benchmarks = benchmark_api::BenchmarkService::NewStub(channel);
  connection_->catalog = catalog_api::CatalogService::NewStub(channel);
}

StoreClient::~StoreClient() = default;

base::Result<benchmark_api::ListBenchmarksResponse> StoreClient::Send(
    const benchmark_api::ListBenchmarksRequest& request) const {
  return Call(*connection_->benchmarks, &BenchmarkStub::ListBenchmarks, request, connection_->peer);
}

base::Result<benchmark_api::GetBenchmarkResponse> StoreClient::Send(
    const benchmark_api::GetBenchmarkRequest& request) const {
  return Call(*connection_->benchmarks, &BenchmarkStub::GetBenchmark, request, connection_->peer);
}

base::Result<benchmark_api::ListConfigurationsResponse> StoreClient::Send(
    const benchmark_api::ListConfigurationsRequest& request) const {
  return Call(*connection_->benchmarks, &BenchmarkStub::ListConfigurations, request, connection_->peer);
}

base::Result<benchmark_api::ListQuarantinedResponse> StoreClient::Send(
    const benchmark_api::ListQuarantinedRequest& request) const {
  return Call(*connection_->benchmarks, &BenchmarkStub::ListQuarantined, request, connection_->peer);
}

base::Result<benchmark_api::SearchModelsResponse> StoreClient::Send(
    const benchmark_api::SearchModelsRequest& request) const {
  return Call(*connection_->benchmarks, &BenchmarkStub::SearchModels, request, connection_->peer);
}

base::Result<catalog_api::ListModelsResponse> StoreClient::Send(const catalog_api::ListModelsRequest& request) const {
  return Call(*connection_->catalog, &CatalogStub::ListModels, request, connection_->peer);
}

base::Result<catalog_api::ListHardwareResponse> StoreClient::Send(
    const catalog_api::ListHardwareRequest& request) const {
  return Call(*connection_->catalog, &CatalogStub::ListHardware, request, connection_->peer);
}

base::Result<catalog_api::ListUseCasesResponse> StoreClient::Send(
    const catalog_api::ListUseCasesRequest& request) const {
  return Call(*connection_->catalog, &CatalogStub::ListUseCases, request, connection_->peer);
}

base::Result<catalog_api::UpsertHardwareResponse> StoreClient::Send(
    const catalog_api::UpsertHardwareRequest& request) const {
  return Call(*connection_->catalog, &CatalogStub::UpsertHardware, request, connection_->peer);
}

base::Result<benchmark_api::ImportBenchmarksResponse> StoreClient::Import(const ImportPlan& plan) const {
  grpc::ClientContext context;
  rpc::SetDeadline(context, connection_->peer.endpoint.timeout);
  benchmark_api::ImportBenchmarksResponse response;
  const auto stream = connection_->benchmarks->ImportBenchmarks(&context, &response);
  if (WriteRows(plan, *stream)) WriteCommit(plan, *stream);
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return base::Fail(CallError(status, connection_->peer));
  return response;
}

}  // namespace loadline::cli
