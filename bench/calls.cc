#include "bench/calls.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>

#include "bench/data_set.h"
#include "bench/search_set.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/wire/benchmark_wire.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"

namespace loadline::bench {
namespace {

namespace bpb = ::loadline::benchmark::v1;
namespace ppb = ::loadline::planner::v1;

constexpr std::size_t kRowsOfAMessage = 1000;

template <typename Invoke>
void CallOrThrow(const Invoke& invoke) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(10));
  const grpc::Status status = invoke(&context);
  if (!status.ok()) throw std::runtime_error(status.error_message());
}

ppb::PlanCapacityRequest PlanRequest(const domain::TrafficShape& shape) {
  ppb::PlanCapacityRequest request;
  request.mutable_shape()->set_input_tokens(shape.input_tokens);
  request.mutable_shape()->set_output_tokens(shape.output_tokens);
  request.set_requests_per_second(20);
  request.set_slo("ttft:p95<1s;itl:p95<50ms");
  return request;
}

}  // namespace

Call EmptyCall(const std::shared_ptr<grpc::Channel>& channel) {
  const std::shared_ptr stub = grpc::health::v1::Health::NewStub(channel);
  return [stub] {
    grpc::health::v1::HealthCheckResponse response;
    CallOrThrow([&](auto* context) { return stub->Check(context, {}, &response); });
  };
}

CallFactory FindClosest(int models, bool one_model) {
  return [=](const auto& channel, std::uint64_t seed) -> Call {
    const std::shared_ptr stub = bpb::BenchmarkService::NewStub(channel);
    return [=, random = std::mt19937_64(seed)]() mutable {
      bpb::FindClosestBenchmarkRequest request;
      const auto shape = AnyShape(random);
      request.mutable_shape()->set_input_tokens(shape.input_tokens * 1.01);
      request.mutable_shape()->set_output_tokens(shape.output_tokens * 1.01);
      const auto model = static_cast<int>(random() % static_cast<std::uint64_t>(models));
      if (one_model) request.mutable_filter()->set_model_hf_repo(ModelName(model));
      bpb::FindClosestBenchmarkResponse response;
      CallOrThrow([&](auto* context) { return stub->FindClosestBenchmark(context, request, &response); });
    };
  };
}

CallFactory SearchModels() {
  return [=](const auto& channel, std::uint64_t seed) -> Call {
    const std::shared_ptr stub = bpb::BenchmarkService::NewStub(channel);
    return [=, random = std::mt19937_64(seed)]() mutable {
      bpb::SearchModelsRequest request;
      request.set_query(AnySearch(random, random() % 2 == 0));
      bpb::SearchModelsResponse response;
      CallOrThrow([&](auto* context) { return stub->SearchModels(context, request, &response); });
      if (response.models_size() == 0) throw std::runtime_error("Nothing was found for " + request.query());
    };
  };
}

CallFactory PlanCapacity(int models, bool one_model, int top_n) {
  return [=](const auto& channel, std::uint64_t seed) -> Call {
    const std::shared_ptr stub = ppb::PlannerService::NewStub(channel);
    return [=, random = std::mt19937_64(seed)]() mutable {
      auto request = PlanRequest(AnyShape(random));
      request.set_top_n(top_n);
      const auto model = static_cast<int>(random() % static_cast<std::uint64_t>(models));
      if (one_model) request.mutable_candidates()->add_model_hf_repos(ModelName(model));
      ppb::PlanCapacityResponse response;
      CallOrThrow([&](auto* context) { return stub->PlanCapacity(context, request, &response); });
    };
  };
}

void ImportRows(const std::shared_ptr<grpc::Channel>& channel, const std::vector<domain::Measurement>& rows) {
  const auto stub = bpb::BenchmarkService::NewStub(channel);
  bpb::ImportBenchmarksResponse response;
  CallOrThrow([&](auto* context) {
    const auto stream = stub->ImportBenchmarks(context, &response);
    for (std::size_t first = 0; first < rows.size(); first += kRowsOfAMessage) {
      bpb::ImportBenchmarksRequest message;
      const auto last = std::min(rows.size(), first + kRowsOfAMessage);
      for (auto i = first; i < last; ++i) {
        wire::ToProto(rows[i], message.mutable_rows()->add_rows()->mutable_benchmark());
      }
      if (!stream->Write(message)) return stream->Finish();
    }
    bpb::ImportBenchmarksRequest commit;
    commit.mutable_commit()->set_row_count(static_cast<std::int64_t>(rows.size()));
    stream->Write(commit);
    stream->WritesDone();
    return stream->Finish();
  });
  if (response.accepted_count() != static_cast<std::int64_t>(rows.size())) {
    throw std::runtime_error("The store took only " + std::to_string(response.accepted_count()) + " rows.");
  }
}

}  // namespace loadline::bench
