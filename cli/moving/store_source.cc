#include "cli/moving/store_source.h"

#include <string>
#include <utility>

#include "libs/wire/benchmark_wire.h"
#include "libs/wire/catalog_wire.h"

namespace loadline::cli {
namespace {

using store::Catalog;
using store::moving::MovedRow;
using store::moving::RowPage;

constexpr int kPageRows = 1000;
// Positions name one of the two lists, and then a page of it.
constexpr std::string_view kBenchmarks = "benchmarks ";
constexpr std::string_view kQuarantine = "quarantine ";

MovedRow Quarantined(const benchmark_api::QuarantinedRow& row) {
  MovedRow moved = {.verdict = {.measurement = wire::MeasurementFromProto(row.benchmark()), .shape = {}, .reasons = {}},
                    .quarantined = true,
                    .location = row.location()};
  for (const auto& reason : row.reasons()) {
    moved.verdict.reasons.push_back({reason.reason(), reason.field(), reason.message()});
  }
  return moved;
}

/// Calls `visit` with each answer to `request`, page by page.
template <typename Request, typename Visit>
base::Status ForEachPage(const StoreClient& store, Request request, const Visit& visit) {
  request.set_page_size(kPageRows);
  do {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer, store.Send(request));
    LOADLINE_RETURN_IF_ERROR(visit(answer));
    request.set_page_token(answer.next_page_token());
  } while (!request.page_token().empty());
  return {};
}

/// What the catalogue says of it; nothing where it is only known by name.
bool IsCatalogued(domain::Model& model) {
  if (std::exchange(model.parameters_from_name, false)) model.parameters_billion.reset();
  return model.parameters_billion || model.kv_bytes_per_token;
}

/// The models of the catalogue, and the number of benchmarks of all.
base::Result<std::int64_t> ReadModels(const StoreClient& store, Catalog& catalog) {
  std::int64_t rows = 0;
  LOADLINE_RETURN_IF_ERROR(
      ForEachPage(store, catalog_api::ListModelsRequest(), [&](const auto& answer) -> base::Status {
        for (const auto& each : answer.models()) {
          auto model = wire::FromProto(each);
          rows += model.benchmark_count;
          if (IsCatalogued(model)) catalog.models.push_back(std::move(model));
        }
        return {};
      }));
  return rows;
}

base::Status ReadHardware(const StoreClient& store, Catalog& catalog) {
  return ForEachPage(store, catalog_api::ListHardwareRequest(), [&](const auto& answer) -> base::Status {
    for (const auto& each : answer.hardware()) catalog.hardware.push_back(wire::FromProto(each));
    return {};
  });
}

base::Status ReadUseCases(const StoreClient& store, Catalog& catalog) {
  return ForEachPage(store, catalog_api::ListUseCasesRequest(), [&](const auto& answer) -> base::Status {
    for (const auto& each : answer.use_cases()) {
      LOADLINE_ASSIGN_OR_RETURN(auto use_case, wire::FromProto(each));
      catalog.use_cases.push_back(std::move(use_case));
    }
    return {};
  });
}

class StoreSource final : public store::moving::Source {
 public:
  StoreSource(const StoreClient& store, Catalog catalog, std::int64_t row_count)
      : store_(store), catalog_(std::move(catalog)), row_count_(row_count) {}

  base::Result<RowPage> Read(const std::string& after) override {
    if (after.starts_with(kQuarantine)) return ReadQuarantine(after.substr(kQuarantine.size()));
    return ReadBenchmarks(after.empty() ? after : after.substr(kBenchmarks.size()));
  }

  const Catalog& catalog() const override { return catalog_; }
  std::int64_t row_count() const override { return row_count_; }
  std::string identity() const override { return "a running store"; }

 private:
  template <typename Request>
  static Request Page(const std::string& token) {
    Request request;
    request.set_page_size(kPageRows);
    request.set_page_token(token);
    return request;
  }

  base::Result<RowPage> ReadBenchmarks(const std::string& token) const {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer, store_.Send(Page<benchmark_api::ListBenchmarksRequest>(token)));
    RowPage page;
    for (const auto& each : answer.benchmarks()) {
      LOADLINE_ASSIGN_OR_RETURN(auto benchmark, wire::BenchmarkFromProto(each));
      page.rows.push_back(
          {.verdict = {.measurement = std::move(benchmark.measurement), .shape = benchmark.shape, .reasons = {}}});
    }
    const auto& next = answer.next_page_token();
    page.next = next.empty() ? std::string(kQuarantine) : std::string(kBenchmarks) + next;
    return page;
  }

  base::Result<RowPage> ReadQuarantine(const std::string& token) const {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer, store_.Send(Page<benchmark_api::ListQuarantinedRequest>(token)));
    RowPage page;
    for (const auto& each : answer.rows()) page.rows.push_back(Quarantined(each));
    if (!answer.next_page_token().empty()) page.next = std::string(kQuarantine) + answer.next_page_token();
    return page;
  }

  const StoreClient& store_;
  const Catalog catalog_;
  const std::int64_t row_count_;
};

}  // namespace

base::Result<std::unique_ptr<store::moving::Source>> OpenStore(const StoreClient& store) {
  Catalog catalog;
  LOADLINE_ASSIGN_OR_RETURN(const auto row_count, ReadModels(store, catalog));
  LOADLINE_RETURN_IF_ERROR(ReadHardware(store, catalog));
  LOADLINE_RETURN_IF_ERROR(ReadUseCases(store, catalog));
  return std::make_unique<StoreSource>(store, std::move(catalog), row_count);
}

}  // namespace loadline::cli
