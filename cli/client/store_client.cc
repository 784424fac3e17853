#include "cli/client/store_client.h"

#include <utility>

#include "cli/client/call.h"
#include "cli/client/import_call.h"
#include "cli/client/secure_channel.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"

namespace loadline::cli {
namespace {

using BenchmarkStub = benchmark_api::BenchmarkService::Stub;
using CatalogStub = catalog_api::CatalogService::Stub;

}  // namespace

struct StoreClient::Connection {
  Peer peer;
  std::unique_ptr<BenchmarkStub> benchmarks;
  std::unique_ptr<CatalogStub> catalog;
};

StoreClient::StoreClient(Endpoint endpoint) : connection_(std::make_unique<Connection>()) {
  const auto channel = ChannelTo(endpoint);
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
  const Peer& peer = connection_->peer;
  return WithRetries(peer.endpoint, peer.service, [&](base::Instant deadline) { return SendImport(plan, deadline); });
}

base::Result<benchmark_api::ImportBenchmarksResponse> StoreClient::SendImport(const ImportPlan& plan,
                                                                              base::Instant deadline) const {
  benchmark_api::ImportBenchmarksResponse response;
  grpc::Status status;
  for (const auto import : {ImportWithProgress, ImportWithoutProgress}) {
    grpc::ClientContext context;
    context.set_deadline(rpc::ToGrpcTime(deadline));
    rpc::PropagateTrace(context);
    status = import(*connection_->benchmarks, context, plan, &response);
    if (status.error_code() != grpc::StatusCode::UNIMPLEMENTED) break;
  }
  if (!status.ok()) return base::Fail(CallError(status, connection_->peer));
  return response;
}

}  // namespace loadline::cli
