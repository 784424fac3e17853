#include "tests/integration/services.h"

#include <signal.h>

#include <filesystem>
#include <stdexcept>

#include "libs/rpc/channel.h"
#include "libs/testing/wait.h"
#include "libs/wire/benchmark_wire.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::testing {
namespace {

constexpr char kBin[] = LOADLINE_BINARY_DIR "/bin/";
constexpr std::chrono::seconds kPatience{30};

template <typename Message>
void Check(const grpc::Status& status, const Message& what) {
  if (!status.ok()) throw std::runtime_error(std::string(what) + ": " + status.error_message());
}

// A signal stops one thread after the other: true when it has stopped all.
bool IsStopped(pid_t process) {
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    const auto stat = ReadFile(thread.path() / "stat");
    if (stat.at(stat.rfind(')') + 2) != 'T') return false;
  }
  return true;
}

}  // namespace

StoreData::StoreData() {
  for (const auto* name : {"hardware.json", "models.json", "use_cases.json"}) {
    std::filesystem::copy_file(std::filesystem::path(LOADLINE_SOURCE_DIR "/data") / name, folder_ / name);
  }
  folder_.Write("benchmarks.json", R"({"benchmarks": []})");
}

Environment StoreData::environment() const { return {{"DATA_DIR", folder_.path().string()}}; }

StoreProcess::StoreProcess(Environment environment, int port) {
  environment["LISTEN_ADDRESS"] = "127.0.0.1:" + std::to_string(port);
  process_ = std::make_unique<Process>(
      ProcessOptions{.binary = std::string(kBin) + "benchmark-store", .environment = environment});
  port_ = process_->Port();
  channel_ = rpc::MakeChannel(address());
}

void StoreProcess::Freeze() {
  process_->Signal(SIGSTOP);
  if (!WaitFor([this] { return IsStopped(process_->id()); })) throw std::runtime_error("the store did not stop");
}

void StoreProcess::Thaw() { process_->Signal(SIGCONT); }

std::int64_t StoreProcess::Import(const std::vector<domain::Benchmark>& benchmarks) {
  namespace pb = benchmark::v1;
  const auto stub = pb::BenchmarkService::NewStub(channel_);
  grpc::ClientContext context;
  rpc::SetDeadline(context, kPatience);
  pb::ImportBenchmarksResponse summary;
  const auto stream = stub->ImportBenchmarks(&context, &summary);
  pb::ImportBenchmarksRequest rows;
  for (const auto& benchmark : benchmarks) {
    wire::ToProto(benchmark.measurement, rows.mutable_rows()->add_rows()->mutable_benchmark());
  }
  stream->Write(rows);
  pb::ImportBenchmarksRequest commit;
  commit.mutable_commit()->set_row_count(static_cast<std::int64_t>(benchmarks.size()));
  stream->Write(commit);
  stream->WritesDone();
  Check(stream->Finish(), "import");
  if (summary.quarantined_count() > 0) throw std::runtime_error("quarantined: " + summary.ShortDebugString());
  return summary.revision();
}

PlannerProcess::PlannerProcess(const std::string& store_address, Environment extra) {
  extra.emplace("LISTEN_ADDRESS", "127.0.0.1:0");
  extra.emplace("BENCHMARK_STORE_ADDRESS", store_address);
  process_ = std::make_unique<Process>(ProcessOptions{.binary = std::string(kBin) + "planner", .environment = extra});
  channel_ = rpc::MakeChannel("127.0.0.1:" + std::to_string(process_->Port()));
  stub_ = planner::v1::PlannerService::NewStub(channel_);
}

bool PlannerProcess::AwaitHealth(Health wanted) const {
  return WaitFor([&] { return health() == wanted; }, kPatience);
}

PlannerProcess::Answer PlannerProcess::Plan(const planner::v1::PlanCapacityRequest& request,
                                            std::chrono::milliseconds timeout) {
  Answer answer;
  grpc::ClientContext context;
  rpc::SetDeadline(context, timeout);
  const auto started = std::chrono::steady_clock::now();
  answer.status = stub_->PlanCapacity(&context, request, &answer.response);
  answer.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return answer;
}

planner::v1::PlanCapacityRequest PlanRequest(const std::vector<std::string>& models) {
  planner::v1::PlanCapacityRequest request;
  request.mutable_shape()->set_input_tokens(512);
  request.mutable_shape()->set_output_tokens(256);
  request.set_requests_per_second(10);
  request.set_slo("ttft:p95<500ms;itl:p95<40ms");
  for (const auto& model : models) request.mutable_candidates()->add_model_hf_repos(model);
  return request;
}

std::vector<domain::Benchmark> CurveOf(const std::string& model, double speed, const std::string& hardware) {
  namespace curves = planning::testing;
  auto configuration = curves::On(hardware);
  configuration.model = model;
  return curves::Benchmarks(configuration, curves::kShape,
                            {{.rps = 1 * speed, .ttft_p95 = 100, .itl_p95 = 10},
                             {.rps = 2 * speed, .ttft_p95 = 200, .itl_p95 = 20},
                             {.rps = 4 * speed, .ttft_p95 = 900, .itl_p95 = 60}});
}

}  // namespace loadline::testing
