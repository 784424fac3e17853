#include "tests/attack/http2.h"

#include <algorithm>
#include <charconv>

namespace loadline::attack {
namespace {

constexpr std::size_t kFrameHeaderBytes = 9;
constexpr char kLiteralNeverIndexed = 0x10;
constexpr std::uint64_t kLargestInPrefix = 127;

std::uint64_t FromBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

// RFC 7541, 5.1 and 5.2: a length with a prefix of 7 bits, then the bytes.
std::string StringLiteral(std::string_view text) {
  if (text.size() < kLargestInPrefix) return static_cast<char>(text.size()) + std::string(text);
  std::string encoded(1, static_cast<char>(kLargestInPrefix));
  std::uint64_t rest = text.size() - kLargestInPrefix;
  for (; rest >= 128; rest /= 128) encoded += static_cast<char>(rest % 128 | 128);
  encoded += static_cast<char>(rest);
  return encoded.append(text);
}

}  // namespace

std::string BigEndian(std::uint64_t value, int bytes) {
  std::string encoded;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) encoded += static_cast<char>(value >> shift & 255);
  return encoded;
}

std::string Encode(const Frame& frame) {
  return FrameHeader(frame.payload.size(), frame.type, frame.flags, frame.stream) + frame.payload;
}

std::string FrameHeader(std::size_t length, FrameType type, std::uint8_t flags, std::uint32_t stream) {
  return BigEndian(length, 3) + static_cast<char>(type) + static_cast<char>(flags) + BigEndian(stream, 4);
}

std::string Settings(const std::vector<std::pair<Setting, std::uint32_t>>& settings) {
  Frame frame{.type = FrameType::kSettings};
  for (const auto& [setting, value] : settings) {
    frame.payload += BigEndian(static_cast<std::uint16_t>(setting), 2) + BigEndian(value, 4);
  }
  return Encode(frame);
}

std::string WindowUpdate(std::uint32_t stream, std::uint32_t by) {
  return Encode({.type = FrameType::kWindowUpdate, .stream = stream, .payload = BigEndian(by, 4)});
}

std::string Reset(std::uint32_t stream, std::uint32_t error) {
  return Encode({.type = FrameType::kReset, .stream = stream, .payload = BigEndian(error, 4)});
}

std::string HeaderBlock(const HeaderList& headers) {
  std::string block;
  for (const auto& [name, value] : headers) {
    block += kLiteralNeverIndexed + StringLiteral(name) + StringLiteral(value);
  }
  return block;
}

HeaderList CallHeaders(const std::string& path, const HeaderList& more) {
  HeaderList headers = {{":method", "POST"},       {":scheme", "http"}, {":path", path},
                        {":authority", "target"},  {"te", "trailers"},  {"content-type", "application/grpc"},
                        {"user-agent", "attacker"}};
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

std::string GrpcMessage(std::string_view bytes, std::uint8_t compression_flag) {
  return (static_cast<char>(compression_flag) + BigEndian(bytes.size(), 4)).append(bytes);
}

std::string UnaryCall(std::uint32_t stream, const std::string& path, std::string_view request) {
  const Frame headers{
      .type = FrameType::kHeaders, .flags = kEndHeaders, .stream = stream, .payload = HeaderBlock(CallHeaders(path))};
  return Encode(headers) + DataFrames(stream, GrpcMessage(request), kEndStream);
}

std::string DataFrames(std::uint32_t stream, std::string_view bytes, std::uint8_t flags) {
  std::string frames;
  do {
    const auto payload = bytes.substr(0, kMaxPayload);
    bytes.remove_prefix(payload.size());
    frames += Encode({.type = FrameType::kData,
                      .flags = bytes.empty() ? flags : kNoFlags,
                      .stream = stream,
                      .payload = std::string(payload)});
  } while (!bytes.empty());
  return frames;
}

std::optional<Frame> TakeFrame(std::string& bytes) {
  if (bytes.size() < kFrameHeaderBytes) return std::nullopt;
  const auto length = FromBigEndian(std::string_view(bytes).substr(0, 3));
  if (bytes.size() < kFrameHeaderBytes + length) return std::nullopt;
  Frame frame{.type = static_cast<FrameType>(bytes[3]),
              .flags = static_cast<std::uint8_t>(bytes[4]),
              .stream = static_cast<std::uint32_t>(FromBigEndian(std::string_view(bytes).substr(5, 4))),
              .payload = bytes.substr(kFrameHeaderBytes, length)};
  bytes.erase(0, kFrameHeaderBytes + length);
  return frame;
}

std::optional<int> GrpcStatusIn(std::string_view header_block) {
  constexpr std::string_view kName = "grpc-status";
  const auto name = header_block.find(kName);
  if (name == header_block.npos) return std::nullopt;
  const auto value = header_block.substr(name + kName.size());
  if (value.empty()) return std::nullopt;
  const auto digits = value.substr(1, static_cast<unsigned char>(value.front()));
  int status = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
  if (error != std::errc() || end == digits.data()) return std::nullopt;
  return status;
}

}  // namespace loadline::attack
