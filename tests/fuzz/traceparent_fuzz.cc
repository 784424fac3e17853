#include <algorithm>
#include <cstdint>
#include <string_view>

#include "libs/rpc/trace_context.h"
#include "tests/fuzz/expect.h"

// The first line is `traceparent`, the rest `tracestate`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(text.find('\n'), text.size());
  const auto rest = text.substr(std::min(line + 1, text.size()));
  const auto context = rpc::ParseTraceContext(text.substr(0, line), rest);
  if (!context) return 0;
  fuzz::Expect(context->trace_id != rpc::TraceId{} && context->span_id != rpc::SpanId{}, "ids are set");
  fuzz::Expect(context->trace_id.text().find_first_not_of("0123456789abcdef") == std::string_view::npos, "and hex");
  fuzz::Expect(context->tracestate.size() <= 512, "what is passed along is short");
  const auto again = rpc::ParseTraceContext(rpc::Traceparent(*context), context->tracestate);
  fuzz::Expect(again == context, "what is sent on is read again");
  return 0;
}
