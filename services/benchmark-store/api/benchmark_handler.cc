#include "services/benchmark-store/api/benchmark_handler.h"

#include "libs/rpc/log.h"
#include "libs/wire/benchmark_wire.h"
#include "services/benchmark-store/api/import_stream.h"
#include "services/benchmark-store/api/messages.h"
#include "services/benchmark-store/api/paging.h"
#include "services/benchmark-store/api/progress_teller.h"
#include "services/benchmark-store/api/scope.h"
#include "services/benchmark-store/api/time_limit_alarm.h"
#include "services/benchmark-store/app/find_closest.h"
#include "services/benchmark-store/app/list_benchmarks.h"
#include "services/benchmark-store/app/list_configurations.h"
#include "services/benchmark-store/app/search_models.h"
#include "services/benchmark-store/app/watch_changes.h"

namespace loadline::store {
namespace {

constexpr std::chrono::milliseconds kRetryAfter(1000);

void LogImport(const ImportOutcome& outcome) {
  rpc::Log(rpc::LogLevel::kInfo, "import",
           {{"accepted", std::to_string(outcome.accepted)},
            {"already_present", std::to_string(outcome.already_present)},
            {"quarantined", std::to_string(outcome.quarantined)},
            {"revision", std::to_string(outcome.revision)}});
}

base::Error ShuttingDown() {
  return base::Unavailable("SHUTTING_DOWN", "The store is shutting down. Watch again.", kRetryAfter);
}

}  // namespace

grpc::Status BenchmarkHandler::ListBenchmarks(grpc::ServerContext* context, const pb::ListBenchmarksRequest* request,
                                              pb::ListBenchmarksResponse* response) {
  return pipelines_.calls.Run("ListBenchmarks", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto revision, RevisionFrom(*request));
    LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(*request, revision));
    LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request->filter(), "filter"));
    return FillPage(page, *response, [&](const PageRequest& part) -> base::Status {
      LOADLINE_ASSIGN_OR_RETURN(const auto found, store::ListBenchmarks(repositories_, filter, part, ScopeOf(call)));
      for (const auto& benchmark : found.items) wire::ToProto(benchmark, response->add_benchmarks());
      response->set_next_page_token(NextPageToken(*request, found.next, found.revision));
      response->set_revision(found.revision);
      return {};
    });
  });
}

grpc::Status BenchmarkHandler::GetBenchmark(grpc::ServerContext* context, const pb::GetBenchmarkRequest* request,
                                            pb::GetBenchmarkResponse* response) {
  return pipelines_.calls.Run("GetBenchmark", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto id, domain::BenchmarkId::Parse(request->id(), "id"));
    LOADLINE_ASSIGN_OR_RETURN(const auto benchmark, repositories_.benchmarks.Get(id, ScopeOf(call)));
    wire::ToProto(benchmark, response->mutable_benchmark());
    return {};
  });
}

grpc::Status BenchmarkHandler::ListConfigurations(grpc::ServerContext* context,
                                                  const pb::ListConfigurationsRequest* request,
                                                  pb::ListConfigurationsResponse* response) {
  return pipelines_.calls.Run("ListConfigurations", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(*request));
    LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request->filter(), "filter"));
    return FillPage(page, *response, [&](const PageRequest& part) -> base::Status {
      LOADLINE_ASSIGN_OR_RETURN(const auto found,
                                store::ListConfigurations(repositories_, filter, part, ScopeOf(call)));
      for (const auto& summary : found.items) ToProto(summary, response->add_configurations());
      response->set_next_page_token(NextPageToken(*request, found.next, found.revision));
      response->set_revision(found.revision);
      return {};
    });
  });
}

grpc::Status BenchmarkHandler::FindClosestBenchmark(grpc::ServerContext* context,
                                                    const pb::FindClosestBenchmarkRequest* request,
                                                    pb::FindClosestBenchmarkResponse* response) {
  return pipelines_.calls.Run("FindClosestBenchmark", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto asked, wire::FromProto(request->shape(), "shape"));
    LOADLINE_ASSIGN_OR_RETURN(const auto rate, RateFrom(*request));
    LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request->filter(), "filter"));
    LOADLINE_ASSIGN_OR_RETURN(const auto closest, FindClosest(repositories_, filter, asked, rate, ScopeOf(call)));
    wire::ToProto(closest.benchmark, response->mutable_benchmark());
    response->set_distance(closest.distance);
    response->set_revision(closest.revision);
    return {};
  });
}

grpc::Status BenchmarkHandler::SearchModels(grpc::ServerContext* context, const pb::SearchModelsRequest* request,
                                            pb::SearchModelsResponse* response) {
  return pipelines_.calls.Run("SearchModels", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(*request));
    LOADLINE_ASSIGN_OR_RETURN(const auto query, ModelQuery::Parse(request->query()));
    return FillPage(page, *response, [&](const PageRequest& part) -> base::Status {
      LOADLINE_ASSIGN_OR_RETURN(const auto found, store::SearchModels(repositories_, query, part, ScopeOf(call)));
      for (const auto& model : found.page.items) ToProto(model, response->add_models());
      for (const auto& name : found.suggestions) response->add_suggestions(name);
      response->set_next_page_token(NextPageToken(*request, found.page.next, found.page.revision));
      response->set_revision(found.page.revision);
      return {};
    });
  });
}

template <typename Request, typename Stream>
base::Result<ImportSummary> BenchmarkHandler::Receive(Stream& stream, const CallScope& scope,
                                                      const OnImportProgress& on_progress) {
  const auto read = [&](Request* message) { return stream.Read(message); };
  auto summary = [&]() -> base::Result<ImportSummary> {
    LOADLINE_ASSIGN_OR_RETURN(auto intake,
                              store::ImportBenchmarks::Begin(repositories_, options_.max_import_rows, scope));
    return ReceiveImport<Request>(read, intake, scope, on_progress);
  }();
  imports_.Count(summary);
  if (summary && !summary->validate_only) LogImport(summary->outcome);
  return summary;
}

grpc::Status BenchmarkHandler::ImportBenchmarks(grpc::ServerContext* context,
                                                grpc::ServerReader<pb::ImportBenchmarksRequest>* reader,
                                                pb::ImportBenchmarksResponse* response) {
  return pipelines_.imports.Run("ImportBenchmarks", *context, [&](rpc::Call& call) -> base::Status {
    const TimeLimitAlarm alarm(*context, call.deadline);
    LOADLINE_ASSIGN_OR_RETURN(
        const auto summary, Receive<pb::ImportBenchmarksRequest>(*reader, ScopeOf(call), [](const ImportProgress&) {}));
    ToProto(summary, response);
    return {};
  });
}

grpc::Status BenchmarkHandler::ImportWithProgress(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<pb::ImportWithProgressResponse, pb::ImportWithProgressRequest>* stream) {
  return pipelines_.imports.Run("ImportWithProgress", *context, [&](rpc::Call& call) -> base::Status {
    const TimeLimitAlarm alarm(*context, call.deadline);
    auto teller = std::make_unique<ProgressTeller>([stream](const ImportProgress& progress) {
      pb::ImportWithProgressResponse message;
      ToProto(progress, message.mutable_progress());
      stream->Write(message);
    });
    LOADLINE_ASSIGN_OR_RETURN(
        const auto summary,
        Receive<pb::ImportWithProgressRequest>(*stream, ScopeOf(call), [&](const auto& now) { teller->Update(now); }));
    teller.reset();
    pb::ImportWithProgressResponse message;
    ToProto(summary, message.mutable_result());
    stream->Write(message);
    return {};
  });
}

grpc::Status BenchmarkHandler::ListQuarantined(grpc::ServerContext* context, const pb::ListQuarantinedRequest* request,
                                               pb::ListQuarantinedResponse* response) {
  return pipelines_.calls.Run("ListQuarantined", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(*request));
    return FillPage(page, *response, [&](const PageRequest& part) -> base::Status {
      LOADLINE_ASSIGN_OR_RETURN(const auto found, repositories_.benchmarks.ListQuarantined(part, ScopeOf(call)));
      for (const auto& row : found.items) ToProto(row, response->add_rows());
      response->set_next_page_token(NextPageToken(*request, found.next, found.revision));
      return {};
    });
  });
}

grpc::Status BenchmarkHandler::WatchChanges(grpc::ServerContext* context, const pb::WatchChangesRequest* request,
                                            grpc::ServerWriter<pb::WatchChangesResponse>* writer) {
  return pipelines_.watches.Run("WatchChanges", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto position, PositionFrom(*request));
    LOADLINE_ASSIGN_OR_RETURN(const auto place, watchers_.Take());
    auto scope = ScopeOf(call);
    const auto end = std::chrono::steady_clock::now() + options_.longest_watch;
    scope.cancelled = [&] { return stopping_ || std::chrono::steady_clock::now() >= end || call.Cancelled(); };
    const auto send = [&](const Changes& changes) {
      pb::WatchChangesResponse response;
      ToProto(changes, &response);
      return writer->Write(response);
    };
    LOADLINE_RETURN_IF_ERROR(store::WatchChanges(repositories_.benchmarks, position, options_.heartbeat, scope, send));
    return stopping_ ? base::Status(base::Fail(ShuttingDown())) : base::Status();
  });
}

}  // namespace loadline::store
