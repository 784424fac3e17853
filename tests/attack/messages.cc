#include "tests/attack/messages.h"

#include <utility>

namespace loadline::attack {
namespace {

constexpr std::size_t kTooLargeMessage = 5 << 20;

std::string Raw(FrameType type, std::uint8_t flags, std::uint32_t stream, std::string payload) {
  return Encode({.type = type, .flags = flags, .stream = stream, .payload = std::move(payload)});
}

std::string BlockFrame(std::string block, std::uint8_t flags = kEndHeaders | kEndStream) {
  return Raw(FrameType::kHeaders, flags, kAttackedStream, std::move(block));
}

// A header block that starts well and ends in `broken`.
std::string EndingIn(const std::string& path, const std::string& broken) {
  return BlockFrame(HeaderBlock(CallHeaders(path)) + broken);
}

std::vector<NamedBytes> BrokenHpack(const std::string& path) {
  return {
      {"an index of 0", EndingIn(path, "\x80")},
      {"an index beyond the table", EndingIn(path, "\xfe")},
      {"an index that overflows", EndingIn(path, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f")},
      {"a string longer than the block", EndingIn(path, std::string("\x10\x7f\xff\xff\x7f"
                                                                    "abc",
                                                                    8))},
      {"a string without Huffman's end", EndingIn(path, std::string("\x10\x84\xff\xff\xff\xff\x01"
                                                                    "a",
                                                                    8))},
      {"a table larger than was offered", BlockFrame("\x3f\xff\xff\xff\xff\x07" + HeaderBlock(CallHeaders(path)))},
  };
}

std::vector<NamedBytes> BrokenSettings() {
  return {
      {"SETTINGS of five bytes", Raw(FrameType::kSettings, kNoFlags, 0, "12345")},
      {"SETTINGS of a stream", Raw(FrameType::kSettings, kNoFlags, 1, std::string(6, '\0'))},
      {"SETTINGS that acknowledge and say more", Raw(FrameType::kSettings, kAck, 0, std::string(6, '\0'))},
      {"a window of 2^31", Settings({{Setting::kInitialWindowSize, 0x80000000}})},
      {"frames of one byte", Settings({{Setting::kMaxFrameSize, 1}})},
      {"a PING of seven bytes", Raw(FrameType::kPing, kNoFlags, 0, "1234567")},
      {"a RST_STREAM of three bytes", Raw(FrameType::kReset, kNoFlags, 1, "123")},
  };
}

std::vector<NamedBytes> BrokenStreams(const std::string& path) {
  return {
      {"a frame of 16 MiB", FrameHeader(0xffffff, FrameType::kData, kNoFlags, 1) + std::string(1 << 16, 'x')},
      {"more padding than frame",
       BlockFrame("\xff" + HeaderBlock(CallHeaders(path)).substr(0, 100), kEndHeaders | kPadded)},
      {"CONTINUATION of nothing", Raw(FrameType::kContinuation, kEndHeaders, kAttackedStream, "abc")},
      {"DATA between HEADERS and CONTINUATION",
       HeadersFrame(CallHeaders(path), kNoFlags) + DataFrames(kAttackedStream, GrpcMessage(""), kEndStream)},
  };
}

void Append(std::vector<NamedBytes>& to, std::vector<NamedBytes> from) {
  for (auto& entry : from) to.push_back(std::move(entry));
}

HeaderList Without(HeaderList headers, std::string_view name) {
  std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  return headers;
}

HeaderList With(HeaderList headers, std::string_view name, const std::string& value) {
  for (auto& header : headers) {
    if (header.first == name) header.second = value;
  }
  return headers;
}

// The start of a length-delimited field 1 of `length` bytes, which follow not.
std::string CutOffField(const std::string& length) { return "\x0a" + length; }

}  // namespace

std::string HeadersFrame(const HeaderList& headers, std::uint8_t flags) {
  return Raw(FrameType::kHeaders, flags, kAttackedStream, HeaderBlock(headers));
}

std::vector<NamedBytes> NotHttp2() {
  return {
      {"nothing", ""},
      {"HTTP/1.1", "GET / HTTP/1.1\r\nHost: target\r\n\r\n"},
      {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(501, '\x42')},
      {"half a preface", std::string(kPreface.substr(0, 12))},
      {"zeros", std::string(1 << 16, '\0')},
      {"a preface without SETTINGS", std::string(kPreface) + Encode({.type = FrameType::kPing, .payload = "12345678"})},
  };
}

std::vector<NamedBytes> BrokenFrames(const std::string& path) {
  auto frames = BrokenStreams(path);
  Append(frames, BrokenSettings());
  Append(frames, BrokenHpack(path));
  return frames;
}

std::vector<NamedBytes> CutOff(const std::string& path, const std::string& request) {
  const auto headers = HeadersFrame(CallHeaders(path));
  return {
      {"a frame that is cut off", FrameHeader(100, FrameType::kHeaders, kEndHeaders, kAttackedStream) + "abc"},
      {"a call that is cut off", headers + DataFrames(kAttackedStream, GrpcMessage(request).substr(0, 3), kNoFlags)},
      {"a header block that goes on nowhere", HeadersFrame(CallHeaders(path), kNoFlags)},
  };
}

std::vector<NamedBytes> HarmlessFrames(const std::string& path) {
  return {
      {"a frame of no known type", Raw(static_cast<FrameType>(0xbe), 0xff, 0, "whatever")},
      {"a setting of no known name", Settings({{static_cast<Setting>(0x7777), 7}})},
      {"a PRIORITY", Raw(FrameType::kPriority, kNoFlags, 1, BigEndian(0, 4) + '\x10')},
      {"an acknowledged PING that nobody sent", Raw(FrameType::kPing, kAck, 0, "12345678")},
      {"an even stream", Raw(FrameType::kHeaders, kEndHeaders | kEndStream, 2, HeaderBlock(CallHeaders(path)))},
      {"an old stream", Raw(FrameType::kHeaders, kEndHeaders | kEndStream, 1, HeaderBlock(CallHeaders(path)))},
      {"a window that overflows", WindowUpdate(0, 0x7fffffff) + WindowUpdate(0, 0x7fffffff)},
  };
}

std::vector<NamedHeaders> BadCallHeaders(const std::string& path) {
  const auto good = CallHeaders(path);
  return {
      {"no path", Without(good, ":path")},
      {"no method", Without(good, ":method")},
      {"GET", With(good, ":method", "GET")},
      {"a service that is not there", With(good, ":path", "/loadline.Nobody/Calls")},
      {"a path without a slash", With(good, ":path", "nonsense")},
      {"a path of 4 KiB", With(good, ":path", "/" + std::string(4096, 'x'))},
      {"a timeout of 0", CallHeaders(path, {{"grpc-timeout", "0n"}})},
  };
}

std::vector<NamedHeaders> OddCallHeaders(const std::string& path) {
  return {
      {"a timeout that is none", CallHeaders(path, {{"grpc-timeout", "soon"}})},
      {"an unknown compression that is not used", CallHeaders(path, {{"grpc-encoding", "middle-out"}})},
      {"trace context that is none", CallHeaders(path, {{"traceparent", "00-zz-"}, {"tracestate", "=,=,,"}})},
  };
}

std::vector<NamedBody> BadBodies(const std::string& path) {
  const auto good = CallHeaders(path);
  return {
      {"no message", good, ""},
      {"half a prefix", good, std::string(3, '\0')},
      {"half a message", good, GrpcMessage("0123456789").substr(0, 9)},
      {"a message that says 4 GiB", good, std::string("\0\xff\xff\xff\xff", 5) + "abc"},
      {"a message of 5 MiB", good, GrpcMessage(std::string(kTooLargeMessage, 'x'))},
      {"a field that is cut off", good, GrpcMessage(CutOffField("\x7f"))},
      {"a field of 2 GiB", good, GrpcMessage(CutOffField("\xff\xff\xff\xff\x07"))},
      {"a varint without end", good, GrpcMessage(std::string(20, '\xff'))},
      {"a million groups, each in the last", good, GrpcMessage(std::string(1'000'000, '\x0b'))},
      {"noise", good, GrpcMessage("\xde\xad\xbe\xef\xde\xad\xbe\xef")},
      {"compressed, it says, and does not say how", good, GrpcMessage("abc", 1)},
      {"a flag of 7", good, GrpcMessage("abc", 7)},
      {"gzip that is none", CallHeaders(path, {{"grpc-encoding", "gzip"}}), GrpcMessage("abc", 1)},
  };
}

}  // namespace loadline::attack
