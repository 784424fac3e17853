#include <cstdint>
#include <string_view>

#include "services/benchmark-store/api/paging.h"
#include "tests/fuzz/answer.h"
#include "tests/fuzz/store_under_fuzz.h"

namespace loadline::store {
namespace {

// A request's page, and the one after it.
template <typename Handler, typename Request, typename Response>
void TurnPage(Handler& handler, fuzz::Method<Handler, Request, Response> call, Request request) {
  const auto first = fuzz::Answer(handler, call, request);
  if (!first || first->next_page_token().empty()) return;
  request.set_page_token(first->next_page_token());
  fuzz::Expect(fuzz::Answer(handler, call, request).has_value(), "a page that is announced is there");
}

// A token's check is no secret: who sends `text` as one may as well send what
// holds it, here with its first byte as the revision.
std::string Forged(std::string_view text, const std::string& query) {
  const std::int64_t revision = text.empty() ? 0 : static_cast<signed char>(text.front());
  return wire::EncodePageToken({.revision = revision, .after = std::string(text.substr(text.empty() ? 0 : 1))}, query);
}

template <typename Handler, typename Request, typename Response>
void TryPages(Handler& handler, fuzz::Method<Handler, Request, Response> call, std::string_view bytes) {
  Request request;
  if (!fuzz::Read(bytes, &request)) return;
  TurnPage(handler, call, request);
  if (request.page_token().empty()) return;
  request.set_page_token(Forged(request.page_token(), QueryOf(request)));
  TurnPage(handler, call, request);
}

void TryBenchmarks(BenchmarkHandler& handler, std::string_view bytes) {
  TryPages(handler, &BenchmarkHandler::ListBenchmarks, bytes);
  TryPages(handler, &BenchmarkHandler::ListConfigurations, bytes);
  TryPages(handler, &BenchmarkHandler::SearchModels, bytes);
  TryPages(handler, &BenchmarkHandler::ListQuarantined, bytes);
  fuzz::Try(handler, &BenchmarkHandler::GetBenchmark, bytes);
  fuzz::Try(handler, &BenchmarkHandler::FindClosestBenchmark, bytes);
}

void TryCatalog(CatalogHandler& handler, std::string_view bytes) {
  TryPages(handler, &CatalogHandler::ListModels, bytes);
  TryPages(handler, &CatalogHandler::ListHardware, bytes);
  TryPages(handler, &CatalogHandler::ListUseCases, bytes);
  fuzz::Try(handler, &CatalogHandler::UpsertHardware, bytes);
}

}  // namespace
}  // namespace loadline::store

// The same bytes are read as each request: whatever is one of two is tried as both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline::store;  // NOLINT
  static StoreUnderFuzz store;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryBenchmarks(store.benchmarks(), bytes);
  TryCatalog(store.catalog(), bytes);
  return 0;
}
