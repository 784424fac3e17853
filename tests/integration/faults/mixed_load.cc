#include "tests/integration/faults/mixed_load.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "libs/rpc/channel.h"
#include "libs/testing/wait.h"
#include "libs/wire/benchmark_wire.h"

namespace loadline::testing {
namespace {

namespace bm = benchmark::v1;
namespace cat = catalog::v1;
namespace pl = planner::v1;
using std::chrono::milliseconds;

constexpr int kThreads = 4;
constexpr milliseconds kDeadline(5000);
// Writes are seldom: one in so many calls sets a price, one imports.
constexpr std::int64_t kSetPriceEvery = 500;
constexpr std::int64_t kImportEvery = 2000;
// Imports repeat, so that the data do not grow all the time.
constexpr std::int64_t kDifferentImports = 10;

template <typename Shape>
void SetShape(Shape* shape) {
  shape->set_input_tokens(512);
  shape->set_output_tokens(256);
}

}  // namespace

struct MixedLoad::Clients {
  Clients(const std::string& store_address, const std::string& planner_address)
      : to_store(rpc::MakeChannel(store_address)), to_planner(rpc::MakeChannel(planner_address)) {}

  grpc::Status Make(std::int64_t number, const std::string& model);

  grpc::Status Plan(const std::string& model);
  grpc::Status Match(const std::string& model);
  grpc::Status FindClosest(const std::string& model);
  grpc::Status List(const std::string& model);
  grpc::Status Search();
  grpc::Status ListHardware();
  grpc::Status SetPrice(std::int64_t number);
  grpc::Status Import(std::int64_t number, const std::string& model) const;

  template <typename Stub, typename Request, typename Response>
  grpc::Status Send(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, kDeadline);
    Response response;
    return (stub.*method)(&context, request, &response);
  }

  std::shared_ptr<grpc::Channel> to_store;
  std::shared_ptr<grpc::Channel> to_planner;
  std::unique_ptr<bm::BenchmarkService::Stub> benchmarks = bm::BenchmarkService::NewStub(to_store);
  std::unique_ptr<cat::CatalogService::Stub> catalog = cat::CatalogService::NewStub(to_store);
  std::unique_ptr<pl::PlannerService::Stub> planner = pl::PlannerService::NewStub(to_planner);
};

grpc::Status MixedLoad::Clients::Make(std::int64_t number, const std::string& model) {
  if (number % kImportEvery == kImportEvery - 1) return Import(number / kImportEvery, model);
  if (number % kSetPriceEvery == kSetPriceEvery - 1) return SetPrice(number / kSetPriceEvery);
  switch (number % 6) {
    case 0: return Plan(model);
    case 1: return Match(model);
    case 2: return FindClosest(model);
    case 3: return List(model);
    case 4: return Search();
    default: return ListHardware();
  }
}

grpc::Status MixedLoad::Clients::Plan(const std::string& model) {
  return Send(*planner, &pl::PlannerService::Stub::PlanCapacity, PlanRequest({model}));
}

grpc::Status MixedLoad::Clients::Match(const std::string& model) {
  pl::MatchBenchmarkRequest request;
  request.mutable_filter()->set_model_hf_repo(model);
  SetShape(request.mutable_shape());
  return Send(*planner, &pl::PlannerService::Stub::MatchBenchmark, request);
}

grpc::Status MixedLoad::Clients::FindClosest(const std::string& model) {
  bm::FindClosestBenchmarkRequest request;
  request.mutable_filter()->set_model_hf_repo(model);
  SetShape(request.mutable_shape());
  return Send(*benchmarks, &bm::BenchmarkService::Stub::FindClosestBenchmark, request);
}

grpc::Status MixedLoad::Clients::List(const std::string& model) {
  bm::ListBenchmarksRequest request;
  request.mutable_filter()->set_model_hf_repo(model);
  request.set_page_size(20);
  return Send(*benchmarks, &bm::BenchmarkService::Stub::ListBenchmarks, request);
}

grpc::Status MixedLoad::Clients::Search() {
  bm::SearchModelsRequest request;
  request.set_query("acme");
  return Send(*benchmarks, &bm::BenchmarkService::Stub::SearchModels, request);
}

grpc::Status MixedLoad::Clients::ListHardware() {
  return Send(*catalog, &cat::CatalogService::Stub::ListHardware, cat::ListHardwareRequest());
}

// A new revision of the catalogue each time.
grpc::Status MixedLoad::Clients::SetPrice(std::int64_t number) {
  cat::UpsertHardwareRequest request;
  auto& hardware = *request.mutable_hardware();
  hardware.set_name("H100");
  hardware.set_memory_gib(80);
  auto& price = *hardware.add_prices();
  price.set_provider("soak");
  price.set_purchase_option("on_demand");
  price.set_usd_per_gpu_hour(2 + 0.01 * static_cast<double>(number % 100));
  return Send(*catalog, &cat::CatalogService::Stub::UpsertHardware, request);
}

grpc::Status MixedLoad::Clients::Import(std::int64_t number, const std::string& model) const {
  grpc::ClientContext context;
  rpc::SetDeadline(context, kDeadline);
  bm::ImportBenchmarksResponse answer;
  const auto stream = benchmarks->ImportBenchmarks(&context, &answer);
  bm::ImportBenchmarksRequest message;
  const auto rows = CurveOf(model, 1.5 + 0.01 * static_cast<double>(number % kDifferentImports));
  for (const auto& row : rows) wire::ToProto(row.measurement, message.mutable_rows()->add_rows()->mutable_benchmark());
  stream->Write(message);
  message.mutable_commit()->set_row_count(static_cast<std::int64_t>(rows.size()));
  stream->Write(message);
  stream->WritesDone();
  return stream->Finish();
}

MixedLoad::MixedLoad(const std::string& store_address, const std::string& planner_address,
                     std::vector<std::string> models)
    : store_address_(store_address), planner_address_(planner_address), models_(std::move(models)) {}

MixedLoad::Report MixedLoad::Saturate(milliseconds time) const {
  return Run(
      time, [](std::int64_t) {}, [] {});
}

MixedLoad::Report MixedLoad::Pace(double calls_per_second, milliseconds time,
                                  const std::function<void()>& each_second) const {
  const auto begun = Clock::now();
  const auto wait = [&](std::int64_t number) {
    const auto due = begun + std::chrono::duration<double>(static_cast<double>(number) / calls_per_second);
    WaitFor([&] { return Clock::now() >= due; }, time);
  };
  return Run(time, wait, each_second);
}

MixedLoad::Report MixedLoad::Run(milliseconds time, const Wait& wait, const std::function<void()>& each_second) const {
  const auto begun = Clock::now();
  std::atomic<std::int64_t> next = 0;
  std::mutex mutex;
  Report report;
  const auto work = [&] {
    Clients clients(store_address_, planner_address_);
    while (true) {
      const auto number = next++;
      wait(number);
      const auto at = Clock::now();
      if (at >= begun + time) return;
      const auto status = clients.Make(number, models_[static_cast<std::size_t>(number) % models_.size()]);
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - at);
      const std::lock_guard lock(mutex);
      if (status.ok()) {
        report.calls.push_back({.at = std::chrono::duration_cast<milliseconds>(at - begun), .took = took});
      } else {
        ++report.failures[std::to_string(status.error_code()) + " " + status.error_message()];
      }
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (auto second = begun; second < begun + time; second += std::chrono::seconds(1)) {
    WaitFor([&] { return Clock::now() >= second; }, time);
    each_second();
  }
  threads.clear();
  return report;
}

std::chrono::microseconds MixedLoad::Report::Quantile(double part, milliseconds from, milliseconds to) const {
  std::vector<std::chrono::microseconds> times;
  for (const auto& call : calls) {
    if (call.at >= from && call.at < to) times.push_back(call.took);
  }
  if (times.empty()) return {};
  const auto rank = static_cast<std::ptrdiff_t>(part * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + rank, times.end());
  return times[static_cast<std::size_t>(rank)];
}

}  // namespace loadline::testing
