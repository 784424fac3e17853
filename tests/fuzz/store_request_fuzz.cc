#include <cstdint>
#include <string_view>

#include "libs/wire/benchmark_wire.h"
#include "libs/wire/catalog_wire.h"
#include "loadline/catalog/v1/catalog_service.pb.h"
#include "services/benchmark-store/api/messages.h"
#include "services/benchmark-store/api/paging.h"
#include "services/benchmark-store/app/find_closest.h"
#include "services/benchmark-store/app/list_benchmarks.h"
#include "services/benchmark-store/app/list_configurations.h"
#include "services/benchmark-store/app/list_models.h"
#include "services/benchmark-store/app/search_models.h"
#include "services/benchmark-store/app/upsert_hardware.h"
#include "services/benchmark-store/repository/json/json_repositories.h"
#include "tests/fuzz/answer.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

namespace cat = catalog::v1;

/// A store on files of its own, with nothing in it but a catalogue.
struct Store {
  StoreFolder folder;
  std::unique_ptr<json::JsonStore> files = folder.Open().value();
  json::JsonBenchmarkRepository benchmarks{*files};
  json::JsonCatalogRepository catalog{*files};
  Repositories repositories{benchmarks, catalog};
};

base::Status List(const Repositories& on, const pb::ListBenchmarksRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(request, std::max<std::int64_t>(0, request.revision())));
  LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request.filter(), "filter"));
  LOADLINE_RETURN_IF_ERROR(ListBenchmarks(on, filter, page, {}));
  return {};
}

base::Status Configurations(const Repositories& on, const pb::ListConfigurationsRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(request));
  LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request.filter(), "filter"));
  LOADLINE_RETURN_IF_ERROR(ListConfigurations(on, filter, page, {}));
  return {};
}

base::Status Closest(const Repositories& on, const pb::FindClosestBenchmarkRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto asked, wire::FromProto(request.shape(), "shape"));
  LOADLINE_ASSIGN_OR_RETURN(const auto rate, RateFrom(request));
  LOADLINE_ASSIGN_OR_RETURN(const auto filter, wire::FromProto(request.filter(), "filter"));
  LOADLINE_RETURN_IF_ERROR(FindClosest(on, filter, asked, rate, {}));
  return {};
}

base::Status Search(const Repositories& on, const pb::SearchModelsRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto page, PageFrom(request));
  LOADLINE_ASSIGN_OR_RETURN(const auto query, ModelQuery::Parse(request.query()));
  LOADLINE_RETURN_IF_ERROR(SearchModels(on, query, page, {}));
  return {};
}

base::Status Models(const Repositories& on, const cat::ListModelsRequest& request) {
  const ModelFilter filter{.architecture = request.architecture(),
                           .tags = {request.tags().begin(), request.tags().end()},
                           .use_case = request.use_case()};
  LOADLINE_RETURN_IF_ERROR(ListModels(on, filter, {}));
  LOADLINE_RETURN_IF_ERROR(PageFrom(request));
  return {};
}

// Judged and never committed: the next input finds the same store.
base::Status Import(const Repositories& on, const pb::ImportBenchmarksRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(auto intake, ImportBenchmarks::Begin(on, 1000, {}));
  for (const auto& row : request.rows().rows()) LOADLINE_RETURN_IF_ERROR(intake.Add(FromProto(row)));
  LOADLINE_RETURN_IF_ERROR(intake.Finish(request.commit().row_count(), true));
  return {};
}

// What would be stored, and is not: that costs a file.
base::Status Hardware(const Repositories&, const cat::UpsertHardwareRequest& request) {
  return domain::Validate(wire::FromProto(request.hardware()));
}

template <typename Request>
void Try(const Repositories& on, std::string_view bytes, base::Status (*call)(const Repositories&, const Request&)) {
  Request request;
  if (!fuzz::Read(bytes, &request)) return;
  const auto status = call(on, request);
  if (!status) fuzz::ExpectUseful(status.error());
}

}  // namespace
}  // namespace loadline::store

// The same bytes are read as each request: whatever is one of two is tried as both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline::store;  // NOLINT
  static const Store store;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto& on = store.repositories;
  Try(on, bytes, &List);
  Try(on, bytes, &Configurations);
  Try(on, bytes, &Closest);
  Try(on, bytes, &Search);
  Try(on, bytes, &Models);
  Try(on, bytes, &Import);
  Try(on, bytes, &Hardware);
  return 0;
}
