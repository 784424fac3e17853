#include "services/planner/evidence/store_client/grpc_evidence_store.h"

#include <optional>
#include <utility>

#include "libs/rpc/deadline.h"
#include "libs/rpc/span.h"
#include "libs/rpc/status.h"
#include "libs/wire/benchmark_wire.h"
#include "libs/wire/catalog_wire.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "services/planner/evidence/store_client/active_calls.h"
#include "services/planner/evidence/store_client/change_stream.h"
#include "services/planner/evidence/store_client/store_link.h"

namespace loadline::planner {
namespace {

namespace bm = benchmark::v1;
namespace cat = catalog::v1;

// How often a catalogue that changes while it is read is read again.
constexpr int kCatalogAttempts = 5;

base::Error Unreachable(std::string detail) {
  auto error =
      base::Unavailable("STORE_UNREACHABLE", "The benchmark store cannot be reached.", std::chrono::seconds(1));
  error.detail = std::move(detail);
  return error;
}

// Addresses, which gRPC's own messages name, are for the log only.
base::Error FromStore(const grpc::Status& status, const rpc::ClientTls& tls) {
  auto error = rpc::FromGrpcStatus(status);
  if (error.code == base::ErrorCode::kUnavailable || error.code == base::ErrorCode::kCancelled) {
    const auto advice = rpc::HandshakeAdvice(status.error_message(), tls);
    return Unreachable(status.error_message() + (advice.empty() ? "" : " " + advice));
  }
  return error;
}

void KeepOnlyOrigin(domain::Provenance* provenance) {
  domain::Provenance kept;
  kept.origin = provenance->origin;
  *provenance = std::move(kept);
}

/// What pages said of their revision.
class OneRevision {
 public:
  /// False if an earlier page was of another revision.
  bool Agrees(domain::Revision revision) {
    const bool same = seen_.value_or(revision) == revision;
    seen_ = revision;
    return same;
  }
  domain::Revision value() const { return seen_.value_or(0); }

 private:
  std::optional<domain::Revision> seen_;
};

class GrpcEvidenceStore final : public EvidenceStore {
 public:
  GrpcEvidenceStore(DialStore dial, GrpcEvidenceStoreOptions options)
      : options_(std::move(options)), link_(std::move(dial)) {}

  base::Result<StoreCatalog> ReadCatalog(Deadline deadline) override {
    for (int attempt = 0; attempt < kCatalogAttempts; ++attempt) {
      LOADLINE_ASSIGN_OR_RETURN(auto catalog, TryReadCatalog(deadline));
      if (catalog) return std::move(*catalog);
    }
    return base::Fail(Unreachable("The catalogue changed each time while it was read."));
  }

  base::Result<std::vector<domain::Benchmark>> ReadModel(const std::string& model, domain::Revision revision,
                                                         Deadline deadline) override {
    bm::ListBenchmarksRequest request;
    request.mutable_filter()->set_model_hf_repo(model);
    request.set_page_size(options_.page_size);
    request.set_revision(revision);
    std::vector<domain::Benchmark> benchmarks;
    const auto append = [&](const bm::ListBenchmarksResponse& page) { return Append(page, &benchmarks); };
    LOADLINE_RETURN_IF_ERROR(ForEachPage<bm::ListBenchmarksResponse>(
        "BenchmarkService/ListBenchmarks", *link_.stubs()->benchmarks, &bm::BenchmarkService::Stub::ListBenchmarks,
        std::move(request), deadline, append));
    return benchmarks;
  }

  base::Status Watch(domain::Revision after, const std::string& snapshot_id,
                     const std::function<bool(const StoreChange&)>& on_change) override {
    bm::WatchChangesRequest request;
    request.set_after_revision(after);
    request.set_after_snapshot_id(snapshot_id);
    grpc::ClientContext context;
    rpc::PropagateTrace(context);
    const ActiveCalls::Entry entry(calls_, context);
    const auto stubs = link_.stubs();
    ChangeStream stream(*stubs->benchmarks, context, request, options_.silence);
    bm::WatchChangesResponse message;
    bool heard = false;
    bool wanted = true;
    while (wanted && stream.Next(&message)) {
      heard = true;
      wanted = on_change(ChangeFrom(message));
    }
    const auto status = stream.Finish();
    if (stream.silent() && !stream.started()) link_.DialAgain();
    if (!wanted || (status.ok() && heard)) return {};
    return base::Fail(WhyLost(stream.silent(), status));
  }

  void Shutdown() override { calls_.CancelAll(); }

 private:
  base::Error WhyLost(bool silent, const grpc::Status& status) const {
    if (silent) return Unreachable("The store has been silent for too long.");
    return status.ok() ? Unreachable("The store ended the watch and had said nothing.")
                       : FromStore(status, options_.tls);
  }

  static StoreChange ChangeFrom(const bm::WatchChangesResponse& message) {
    return {.revision = message.revision(),
            .snapshot_id = message.snapshot_id(),
            .models = {message.changed_models().begin(), message.changed_models().end()},
            .catalog = message.catalog_changed(),
            .reset = message.reset()};
  }

  static base::Status Append(const bm::ListBenchmarksResponse& page, std::vector<domain::Benchmark>* benchmarks) {
    for (const auto& row : page.benchmarks()) {
      LOADLINE_ASSIGN_OR_RETURN(auto benchmark, wire::BenchmarkFromProto(row));
      KeepOnlyOrigin(&benchmark.measurement.provenance);
      benchmarks->push_back(std::move(benchmark));
    }
    return {};
  }

  // Calls `method` page after page until `take` fails or there are no more. Each
  // call is a span `name` of the trace that the thread works for.
  template <typename Response, typename Stub, typename Method, typename Request, typename Take>
  base::Status ForEachPage(std::string_view name, Stub& stub, Method method, Request request, Deadline deadline,
                           const Take& take) {
    do {
      grpc::ClientContext context;
      context.set_deadline(rpc::ToGrpcTime(deadline));
      const ActiveCalls::Entry entry(calls_, context);
      rpc::ScopedSpan span(name, rpc::SpanKind::kClient);
      rpc::PropagateTrace(context);
      Response page;
      if (const auto status = (stub.*method)(&context, request, &page); !status.ok()) {
        auto error = FromStore(status, options_.tls);
        span.Fail(error.reason);
        return base::Fail(std::move(error));
      }
      LOADLINE_RETURN_IF_ERROR(take(page));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return {};
  }

  // Nullopt if it changed in between.
  base::Result<std::optional<StoreCatalog>> TryReadCatalog(Deadline deadline) {
    StoreCatalog catalog;
    OneRevision revision;
    bool torn = false;
    const auto check = [&](const auto& page) { torn |= !revision.Agrees(page.revision()); };
    LOADLINE_RETURN_IF_ERROR(ReadModels(deadline, check, &catalog.models));
    LOADLINE_RETURN_IF_ERROR(ReadHardware(deadline, check, &catalog.hardware));
    LOADLINE_RETURN_IF_ERROR(ReadUseCases(deadline, check, &catalog.use_cases));
    catalog.revision = revision.value();
    return torn ? std::nullopt : std::optional(std::move(catalog));
  }

  template <typename Check>
  base::Status ReadModels(Deadline deadline, const Check& check, std::vector<domain::Model>* models) {
    cat::ListModelsRequest request;
    request.set_page_size(options_.page_size);
    return ForEachPage<cat::ListModelsResponse>("CatalogService/ListModels", *link_.stubs()->catalog,
                                                &cat::CatalogService::Stub::ListModels, request, deadline,
                                                [&](const cat::ListModelsResponse& page) -> base::Status {
                                                  check(page);
                                                  for (const auto& model : page.models()) {
                                                    models->push_back(wire::FromProto(model));
                                                  }
                                                  return {};
                                                });
  }

  template <typename Check>
  base::Status ReadHardware(Deadline deadline, const Check& check, std::vector<domain::Hardware>* hardware) {
    cat::ListHardwareRequest request;
    request.set_page_size(options_.page_size);
    return ForEachPage<cat::ListHardwareResponse>("CatalogService/ListHardware", *link_.stubs()->catalog,
                                                  &cat::CatalogService::Stub::ListHardware, request, deadline,
                                                  [&](const cat::ListHardwareResponse& page) -> base::Status {
                                                    check(page);
                                                    for (const auto& gpu : page.hardware()) {
                                                      hardware->push_back(wire::FromProto(gpu));
                                                    }
                                                    return {};
                                                  });
  }

  template <typename Check>
  base::Status ReadUseCases(Deadline deadline, const Check& check, std::vector<domain::UseCase>* use_cases) {
    cat::ListUseCasesRequest request;
    request.set_page_size(options_.page_size);
    return ForEachPage<cat::ListUseCasesResponse>("CatalogService/ListUseCases", *link_.stubs()->catalog,
                                                  &cat::CatalogService::Stub::ListUseCases, request, deadline,
                                                  [&](const cat::ListUseCasesResponse& page) -> base::Status {
                                                    check(page);
                                                    for (const auto& row : page.use_cases()) {
                                                      LOADLINE_ASSIGN_OR_RETURN(auto use_case, wire::FromProto(row));
                                                      use_cases->push_back(std::move(use_case));
                                                    }
                                                    return {};
                                                  });
  }

  const GrpcEvidenceStoreOptions options_;
  StoreLink link_;
  ActiveCalls calls_;
};

}  // namespace

std::unique_ptr<EvidenceStore> MakeGrpcEvidenceStore(DialStore dial, GrpcEvidenceStoreOptions options) {
  return std::make_unique<GrpcEvidenceStore>(std::move(dial), std::move(options));
}

}  // namespace loadline::planner
