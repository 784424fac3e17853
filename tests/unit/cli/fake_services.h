#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "cli/api.h"
#include "libs/rpc/status.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"

namespace loadline::cli {

/// What a method is to answer, and what it was asked. Calls come one by one.
template <typename Request, typename Response>
struct Script {
  /// Answered in order; the last one again and again.
  std::deque<Response> answers = {};
  /// Where set, so many calls fail with it: all, unless told otherwise.
  grpc::Status failure = grpc::Status::OK;
  int failing_calls = std::numeric_limits<int>::max();
  std::vector<Request> requests = {};

  bool Fails() { return !failure.ok() && failing_calls-- > 0; }
  grpc::Status Play(const Request* request, Response* response) {
    requests.push_back(*request);
    if (Fails()) return failure;
    if (!answers.empty()) *response = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return grpc::Status::OK;
  }
};

/// benchmark-store's two services, following scripts.
class FakeBenchmarks final : public benchmark_api::BenchmarkService::Service {
 public:
  Script<benchmark_api::ListBenchmarksRequest, benchmark_api::ListBenchmarksResponse> list;
  Script<benchmark_api::GetBenchmarkRequest, benchmark_api::GetBenchmarkResponse> get;
  Script<benchmark_api::ListConfigurationsRequest, benchmark_api::ListConfigurationsResponse> configurations;
  Script<benchmark_api::SearchModelsRequest, benchmark_api::SearchModelsResponse> search;
  Script<benchmark_api::ListQuarantinedRequest, benchmark_api::ListQuarantinedResponse> quarantined;
  /// `requests` holds the messages of all imports.
  Script<benchmark_api::ImportBenchmarksRequest, benchmark_api::ImportBenchmarksResponse> import;

  grpc::Status ListBenchmarks(grpc::ServerContext*, const benchmark_api::ListBenchmarksRequest* request,
                              benchmark_api::ListBenchmarksResponse* response) override {
    return list.Play(request, response);
  }
  grpc::Status GetBenchmark(grpc::ServerContext*, const benchmark_api::GetBenchmarkRequest* request,
                            benchmark_api::GetBenchmarkResponse* response) override {
    return get.Play(request, response);
  }
  grpc::Status ListConfigurations(grpc::ServerContext*, const benchmark_api::ListConfigurationsRequest* request,
                                  benchmark_api::ListConfigurationsResponse* response) override {
    return configurations.Play(request, response);
  }
  grpc::Status SearchModels(grpc::ServerContext*, const benchmark_api::SearchModelsRequest* request,
                            benchmark_api::SearchModelsResponse* response) override {
    return search.Play(request, response);
  }
  grpc::Status ListQuarantined(grpc::ServerContext*, const benchmark_api::ListQuarantinedRequest* request,
                               benchmark_api::ListQuarantinedResponse* response) override {
    return quarantined.Play(request, response);
  }
  /// It has no progress.
  bool is_older = false;

  /// Confirms every message, then the merge.
  grpc::Status ImportWithProgress(grpc::ServerContext*,
                                  grpc::ServerReaderWriter<benchmark_api::ImportWithProgressResponse,
                                                           benchmark_api::ImportWithProgressRequest>* stream) override {
    if (is_older) return {grpc::StatusCode::UNIMPLEMENTED, ""};
    if (import.Fails()) return import.failure;
    benchmark_api::ImportWithProgressRequest message;
    benchmark_api::ImportWithProgressResponse response;
    auto* progress = response.mutable_progress();
    while (stream->Read(&message)) {
      import.requests.emplace_back().ParseFromString(message.SerializeAsString());
      progress->set_received_count(progress->received_count() + message.rows().rows_size());
      progress->set_phase(message.has_commit() ? benchmark_api::IMPORT_PHASE_MERGING
                                               : benchmark_api::IMPORT_PHASE_RECEIVING);
      progress->set_merged_count(message.has_commit() ? progress->received_count() : 0);
      stream->Write(response);
    }
    *response.mutable_result() = import.answers.empty() ? benchmark_api::ImportBenchmarksResponse() : import.answers[0];
    stream->Write(response);
    return grpc::Status::OK;
  }
  grpc::Status ImportBenchmarks(grpc::ServerContext*,
                                grpc::ServerReader<benchmark_api::ImportBenchmarksRequest>* reader,
                                benchmark_api::ImportBenchmarksResponse* response) override {
    if (import.Fails()) return import.failure;
    benchmark_api::ImportBenchmarksRequest message;
    while (reader->Read(&message)) import.requests.push_back(message);
    if (!import.answers.empty()) *response = import.answers.front();
    return grpc::Status::OK;
  }
};

class FakeCatalog final : public catalog_api::CatalogService::Service {
 public:
  Script<catalog_api::ListModelsRequest, catalog_api::ListModelsResponse> models;
  Script<catalog_api::ListHardwareRequest, catalog_api::ListHardwareResponse> hardware;
  Script<catalog_api::ListUseCasesRequest, catalog_api::ListUseCasesResponse> use_cases;
  Script<catalog_api::UpsertHardwareRequest, catalog_api::UpsertHardwareResponse> upsert;

  grpc::Status ListModels(grpc::ServerContext*, const catalog_api::ListModelsRequest* request,
                          catalog_api::ListModelsResponse* response) override {
    return models.Play(request, response);
  }
  grpc::Status ListHardware(grpc::ServerContext*, const catalog_api::ListHardwareRequest* request,
                            catalog_api::ListHardwareResponse* response) override {
    return hardware.Play(request, response);
  }
  grpc::Status ListUseCases(grpc::ServerContext*, const catalog_api::ListUseCasesRequest* request,
                            catalog_api::ListUseCasesResponse* response) override {
    return use_cases.Play(request, response);
  }
  grpc::Status UpsertHardware(grpc::ServerContext*, const catalog_api::UpsertHardwareRequest* request,
                              catalog_api::UpsertHardwareResponse* response) override {
    return upsert.Play(request, response);
  }
};

class FakePlanner final : public planner_api::PlannerService::Service {
 public:
  Script<planner_api::MatchBenchmarkRequest, planner_api::MatchBenchmarkResponse> match;
  Script<planner_api::PlanCapacityRequest, planner_api::PlanCapacityResponse> plan;
  Script<planner_api::ExplainPlanRequest, planner_api::ExplainPlanResponse> explain;
  Script<planner_api::PredictPerformanceRequest, planner_api::PredictPerformanceResponse> predict;

  grpc::Status MatchBenchmark(grpc::ServerContext*, const planner_api::MatchBenchmarkRequest* request,
                              planner_api::MatchBenchmarkResponse* response) override {
    return match.Play(request, response);
  }
  grpc::Status PlanCapacity(grpc::ServerContext*, const planner_api::PlanCapacityRequest* request,
                            planner_api::PlanCapacityResponse* response) override {
    return plan.Play(request, response);
  }
  grpc::Status ExplainPlan(grpc::ServerContext*, const planner_api::ExplainPlanRequest* request,
                           planner_api::ExplainPlanResponse* response) override {
    return explain.Play(request, response);
  }
  grpc::Status PredictPerformance(grpc::ServerContext*, const planner_api::PredictPerformanceRequest* request,
                                  planner_api::PredictPerformanceResponse* response) override {
    return predict.Play(request, response);
  }
};

/// Both fakes behind real servers in this process.
class FakeServices {
 public:
  FakeServices() {
    store_ = Start({&benchmarks, &catalog}, &store_port_);
    planner_ = Start({&planner}, &planner_port_);
  }

  FakeBenchmarks benchmarks;
  FakeCatalog catalog;
  FakePlanner planner;

  std::string store_address() const { return "127.0.0.1:" + std::to_string(store_port_); }
  std::string planner_address() const { return "127.0.0.1:" + std::to_string(planner_port_); }

 private:
  static std::unique_ptr<grpc::Server> Start(const std::vector<grpc::Service*>& services, int* port) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), port);
    for (auto* service : services) builder.RegisterService(service);
    return builder.BuildAndStart();
  }

  int store_port_ = 0;
  int planner_port_ = 0;
  std::unique_ptr<grpc::Server> store_;
  std::unique_ptr<grpc::Server> planner_;
};

}  // namespace loadline::cli
