#include "tests/integration/store_client.h"

#include <algorithm>

#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/wire/benchmark_wire.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::testing {
namespace {

namespace pb = benchmark::v1;

constexpr std::size_t kRowsOfAMessage = 1000;
constexpr int kPageSize = 1000;

template <typename Response>
base::Result<Response> ResultOf(const grpc::Status& status, Response&& response) {
  if (!status.ok()) return base::Fail(rpc::FromGrpcStatus(status));
  return std::forward<Response>(response);
}

}  // namespace

StoreClient::StoreClient(const std::string& address)
    : channel_(rpc::MakeChannel(address)), stub_(pb::BenchmarkService::NewStub(channel_)) {}

base::Result<pb::ImportBenchmarksResponse> StoreClient::Import(const std::vector<domain::Benchmark>& rows,
                                                               Timeout timeout) const {
  OpenImport import(*this, rows, timeout);
  import.Commit();
  return import.Finish();
}

base::Result<std::set<std::string>> StoreClient::Ids(std::int64_t revision) const {
  std::set<std::string> ids;
  pb::ListBenchmarksRequest request;
  request.set_page_size(kPageSize);
  request.set_revision(revision);
  do {
    grpc::ClientContext context;
    rpc::SetDeadline(context, kPatience);
    pb::ListBenchmarksResponse page;
    const auto status = stub_->ListBenchmarks(&context, request, &page);
    if (!status.ok()) return base::Fail(rpc::FromGrpcStatus(status));
    for (const auto& benchmark : page.benchmarks()) ids.insert(benchmark.id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return ids;
}

base::Result<pb::FindClosestBenchmarkResponse> StoreClient::FindClosest(const std::string& model,
                                                                        Timeout timeout) const {
  grpc::ClientContext context;
  rpc::SetDeadline(context, timeout);
  pb::FindClosestBenchmarkRequest request;
  request.mutable_filter()->set_model_hf_repo(model);
  request.mutable_shape()->set_input_tokens(512);
  request.mutable_shape()->set_output_tokens(256);
  pb::FindClosestBenchmarkResponse response;
  const auto status = stub_->FindClosestBenchmark(&context, request, &response);
  return ResultOf(status, std::move(response));
}

OpenImport::OpenImport(const StoreClient& store, const std::vector<domain::Benchmark>& rows,
                       std::chrono::milliseconds timeout)
    : stub_(pb::BenchmarkService::NewStub(store.channel())) {
  rpc::SetDeadline(context_, timeout);
  stream_ = stub_->ImportBenchmarks(&context_, &answer_);
  for (std::size_t first = 0; first < rows.size(); first += kRowsOfAMessage) {
    pb::ImportBenchmarksRequest message;
    const auto last = std::min(rows.size(), first + kRowsOfAMessage);
    for (auto i = first; i < last; ++i) {
      wire::ToProto(rows[i].measurement, message.mutable_rows()->add_rows()->mutable_benchmark());
    }
    // One that is refused ends early; `Finish` says why.
    if (!stream_->Write(message)) return;
    row_count_ += static_cast<std::int64_t>(last - first);
  }
}

void OpenImport::Commit() {
  pb::ImportBenchmarksRequest commit;
  commit.mutable_commit()->set_row_count(row_count_);
  stream_->Write(commit);
  stream_->WritesDone();
}

base::Result<pb::ImportBenchmarksResponse> OpenImport::Finish() {
  const auto status = stream_->Finish();
  return ResultOf(status, std::move(answer_));
}

std::vector<domain::Benchmark> ManyBenchmarks(const std::string& model, int count) {
  namespace curves = planning::testing;
  auto configuration = curves::kSmall;
  configuration.model = model;
  std::vector<curves::Row> rows;
  for (int i = 0; i < count; ++i) rows.push_back({.rps = 1 + i * 1e-3});
  return curves::Benchmarks(configuration, curves::kShape, rows);
}

std::set<std::string> IdsOf(const std::vector<domain::Benchmark>& benchmarks) {
  std::set<std::string> ids;
  for (const auto& benchmark : benchmarks) ids.insert(benchmark.id.ToString());
  return ids;
}

}  // namespace loadline::testing
