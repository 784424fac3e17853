#include <cstdint>
#include <string_view>

#include "libs/domain/text.h"
#include "libs/json/parse.h"
#include "tests/fuzz/expect.h"

namespace loadline::json {
namespace {

bool HasPythonsNumbers(std::string_view text) {
  return text.find("NaN") != text.npos || text.find("Infinity") != text.npos;
}

void ExpectUseful(const base::Error& error, std::string_view text) {
  fuzz::Expect(error.reason == "MALFORMED_JSON", "the reason is stable");
  const auto line = std::stoull(error.metadata.at("line"));
  const auto column = std::stoull(error.metadata.at("column"));
  fuzz::Expect(line >= 1 && column >= 1 && line + column <= text.size() + 2, "the place is in the text");
  fuzz::Expect(!error.metadata.at("problem").starts_with("["), "the message does not speak of the parser");
  fuzz::Expect(error.message.size() < 300 && domain::IsPrintable(error.message), "the message is short and printable");
}

}  // namespace
}  // namespace loadline::json

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = json::Parse(text);
  if (!parsed) json::ExpectUseful(parsed.error(), text);
  const bool too_deep = !parsed && parsed.error().message.find("nested deeper") != std::string::npos;
  if (!too_deep && !json::HasPythonsNumbers(text)) {
    fuzz::Expect(parsed.has_value() == nlohmann::json::accept(text), "accepts JSON, and nothing else");
  }
  if (parsed) {
    const auto again = json::Parse(parsed->dump());
    fuzz::Expect(again && *again == *parsed, "what was read is read again");
  }
  return 0;
}
