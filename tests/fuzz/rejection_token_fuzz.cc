#include <cstdint>
#include <string>

#include "libs/wire/page_token.h"
#include "services/planner/api/rejection_token.h"
#include "tests/fuzz/expect.h"

namespace loadline::planner {
namespace {

// Either it is no token of this request, or what it says is said again.
void TryToken(const std::string& token) {
  v1::PlanCapacityRequest request;
  request.set_rejection_page_token(token);
  const auto page = RejectionPageOf(request);
  if (!page) {
    fuzz::Expect(page.error().violations.size() == 1, "one violation");
    fuzz::Expect(page.error().violations[0].field == "rejection_page_token", "on the field");
    return;
  }
  fuzz::Expect(page->has_value() == !token.empty(), "no token, no page");
  if (!*page) return;
  fuzz::Expect((*page)->after >= 0, "a page starts at one of the rejections");
  request.set_rejection_page_token(RejectionToken({}, **page));
  const auto again = RejectionPageOf(request).value().value();
  fuzz::Expect(
      again.after == (*page)->after && again.revision == (*page)->revision && again.snapshot_id == (*page)->snapshot_id,
      "what was encoded is decoded");
}

}  // namespace
}  // namespace loadline::planner

// The input is a token that somebody sends, and what a token holds: its check
// is no secret. Only the token is set, so the request has no other bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const std::string text(reinterpret_cast<const char*>(data), size);
  planner::TryToken(text);
  planner::TryToken(wire::EncodePageToken({.revision = static_cast<std::int64_t>(size), .after = text}, ""));
  return 0;
}
