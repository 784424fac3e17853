#include "libs/rpc/trace_context.h"

#include <sys/random.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>

#include "libs/base/blanks.h"

namespace loadline::rpc {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
// "vv-<trace id>-<parent id>-ff"
constexpr std::size_t kTraceparentSize = 55;
constexpr std::size_t kMaxTracestateBytes = 512;
constexpr std::size_t kMaxTracestateMembers = 32;

// Random words, bought from the kernel a few at a time: one call for each id
// would cost more than all else that a trace costs.
std::uint64_t RandomWord() {
  thread_local std::array<std::uint64_t, 32> words;
  thread_local std::size_t used = words.size();
  if (used == words.size()) {
    if (getrandom(words.data(), sizeof(words), 0) != static_cast<ssize_t>(sizeof(words))) {
      std::random_device random;
      for (auto& word : words) word = (std::uint64_t{random()} << 32) | random();
    }
    used = 0;
  }
  return words[used++];
}

template <typename Id>
Id NewId() {
  Id id;
  std::uint64_t word = 0;
  bool zero = true;
  for (std::size_t i = 0; i < id.digits.size(); ++i) {
    if (i % 16 == 0) word = RandomWord();
    id.digits[i] = kHexDigits[word & 0xf];
    zero = zero && (word & 0xf) == 0;
    word >>= 4;
  }
  return zero ? NewId<Id>() : id;
}

bool IsHex(std::string_view text) { return text.find_first_not_of(kHexDigits) == std::string_view::npos; }

template <typename Id>
std::optional<Id> ParseId(std::string_view text) {
  if (!IsHex(text) || text.find_first_not_of('0') == std::string_view::npos) return std::nullopt;
  Id id;
  std::copy(text.begin(), text.end(), id.digits.begin());
  return id;
}

// Version 00 ends here; later ones may go on after a dash.
bool EndsRightly(std::string_view traceparent) {
  if (traceparent.size() == kTraceparentSize) return true;
  return traceparent.substr(0, 2) != "00" && traceparent[kTraceparentSize] == '-';
}

bool HasDashes(std::string_view traceparent) {
  return traceparent[2] == '-' && traceparent[35] == '-' && traceparent[52] == '-';
}

bool IsKey(std::string_view key) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("_-*/@").find(c) != std::string_view::npos;
  };
  const bool starts_well =
      !key.empty() && key[0] != '_' && key[0] != '-' && key[0] != '*' && key[0] != '/' && key[0] != '@';
  return starts_well && key.size() <= 256 && std::all_of(key.begin(), key.end(), allowed);
}

bool IsValue(std::string_view value) {
  const auto allowed = [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; };
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(), allowed);
}

bool IsMember(std::string_view member) {
  const auto equals = member.find('=');
  return equals != std::string_view::npos && IsKey(member.substr(0, equals)) && IsValue(member.substr(equals + 1));
}

// Members may be empty, as HTTP's lists may.
bool IsTracestate(std::string_view text) {
  if (text.size() > kMaxTracestateBytes) return false;
  std::size_t members = 0;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto member = base::WithoutBlanks(text.substr(0, comma));
    if (!member.empty() && (!IsMember(member) || ++members > kMaxTracestateMembers)) return false;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

}  // namespace

TraceId NewTraceId() { return NewId<TraceId>(); }

SpanId NewSpanId() { return NewId<SpanId>(); }

std::optional<TraceContext> ParseTraceContext(std::string_view traceparent, std::string_view tracestate) {
  if (traceparent.size() < kTraceparentSize || !HasDashes(traceparent) || !EndsRightly(traceparent)) return {};
  const auto version = traceparent.substr(0, 2);
  const auto flags = traceparent.substr(53, 2);
  const auto trace_id = ParseId<TraceId>(traceparent.substr(3, 32));
  const auto span_id = ParseId<SpanId>(traceparent.substr(36, 16));
  if (!IsHex(version) || version == "ff" || !IsHex(flags) || !trace_id || !span_id) return {};
  // The lowest bit of the flags.
  const bool sampled = kHexDigits.find(flags[1]) % 2 == 1;
  return TraceContext{.trace_id = *trace_id,
                      .span_id = *span_id,
                      .sampled = sampled,
                      .tracestate = std::string(IsTracestate(tracestate) ? tracestate : "")};
}

std::string Traceparent(const TraceContext& context) {
  std::string header;
  header.reserve(kTraceparentSize);
  header.append("00-").append(context.trace_id.text()).append("-").append(context.span_id.text());
  return header.append(context.sampled ? "-01" : "-00");
}

bool IsSampled(const TraceId& id, double ratio) {
  std::uint64_t last_half = 0;
  std::from_chars(id.digits.data() + 16, id.digits.data() + 32, last_half, 16);
  return static_cast<double>(last_half >> 1) < std::ldexp(ratio, 63);
}

}  // namespace loadline::rpc
