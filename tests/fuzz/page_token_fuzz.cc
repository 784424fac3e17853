#include <cstdint>
#include <string_view>

#include "libs/wire/page_token.h"
#include "tests/fuzz/expect.h"

// The input is a token that somebody sends, and the place of one that we do.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decoded = wire::DecodePageToken(text, "query");
  if (!decoded) {
    fuzz::Expect(decoded.error().violations.size() == 1, "one violation");
    fuzz::Expect(decoded.error().violations[0].field == "page_token", "on the field");
  }
  const wire::PagePosition position{.revision = static_cast<std::int64_t>(size), .after = std::string(text)};
  const auto token = wire::EncodePageToken(position, "query");
  fuzz::Expect(wire::DecodePageToken(token, "query") == position, "what was encoded is decoded");
  fuzz::Expect(!wire::DecodePageToken(token, "another").has_value(), "a token is good for its query only");
  return 0;
}
