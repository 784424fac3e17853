#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP/2 by hand, because no library writes what is forbidden. Only what
/// attacks need: RFC 9113 frames, and of RFC 7541 literals without Huffman.
namespace loadline::attack {

enum class FrameType : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

inline constexpr std::uint8_t kNoFlags = 0x0;
inline constexpr std::uint8_t kAck = 0x1;
inline constexpr std::uint8_t kEndStream = 0x1;
inline constexpr std::uint8_t kEndHeaders = 0x4;
inline constexpr std::uint8_t kPadded = 0x8;

enum class Setting : std::uint16_t {
  kHeaderTableSize = 1,
  kEnablePush = 2,
  kMaxConcurrentStreams = 3,
  kInitialWindowSize = 4,
  kMaxFrameSize = 5,
};

struct Frame {
  FrameType type = FrameType::kData;
  std::uint8_t flags = kNoFlags;
  std::uint32_t stream = 0;
  std::string payload = {};
};

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The longest payload that a peer takes without having said otherwise.
inline constexpr std::size_t kMaxPayload = 16'384;

/// The lowest `bytes` bytes of a number, the highest first.
std::string BigEndian(std::uint64_t value, int bytes);

std::string Encode(const Frame& frame);
/// The nine bytes before a payload; `length` may lie about it.
std::string FrameHeader(std::size_t length, FrameType type, std::uint8_t flags, std::uint32_t stream);
std::string Settings(const std::vector<std::pair<Setting, std::uint32_t>>& settings);
std::string WindowUpdate(std::uint32_t stream, std::uint32_t by);
/// `error` is a code of RFC 9113, section 7; 8 is CANCEL.
std::string Reset(std::uint32_t stream, std::uint32_t error = 8);

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// A header block of literals that leave the peer's table as it is.
std::string HeaderBlock(const HeaderList& headers);
/// The headers of a gRPC call of `path`, then `more`.
HeaderList CallHeaders(const std::string& path, const HeaderList& more = {});
/// A message with gRPC's prefix of five bytes.
std::string GrpcMessage(std::string_view bytes, std::uint8_t compression_flag = 0);

/// The frames of a whole unary call. A long request takes several of DATA.
std::string UnaryCall(std::uint32_t stream, const std::string& path, std::string_view request);
/// DATA frames for `bytes`; the last has `flags`.
std::string DataFrames(std::uint32_t stream, std::string_view bytes, std::uint8_t flags);

/// Takes the first frame from `bytes`, if it is there as a whole.
std::optional<Frame> TakeFrame(std::string& bytes);
/// `grpc-status` in the trailers of a server that may not index headers (see
/// `Setting::kHeaderTableSize`).
std::optional<int> GrpcStatusIn(std::string_view header_block);

}  // namespace loadline::attack
