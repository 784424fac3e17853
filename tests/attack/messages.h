#pragma once

#include <string>
#include <vector>

#include "tests/attack/http2.h"

/// What no client sends, by name.
namespace loadline::attack {

/// The stream that attacks use: the first is that of `Target::Connect`.
inline constexpr std::uint32_t kAttackedStream = 3;

struct NamedBytes {
  std::string name;
  std::string bytes;
};

struct NamedHeaders {
  std::string name;
  HeaderList headers;
};

struct NamedBody {
  std::string name;
  HeaderList headers;
  std::string body;
};

/// HEADERS of a call on `kAttackedStream`.
std::string HeadersFrame(const HeaderList& headers, std::uint8_t flags = kEndHeaders);

/// Instead of HTTP/2's preface.
std::vector<NamedBytes> NotHttp2();
/// After a good start, what RFC 9113 or RFC 7541 forbid.
std::vector<NamedBytes> BrokenFrames(const std::string& path);
/// After a good start, what ends in the middle.
std::vector<NamedBytes> CutOff(const std::string& path, const std::string& request);
/// After a good start, what RFC 9113 wants ignored, and what it forbids and gRPC ignores.
std::vector<NamedBytes> HarmlessFrames(const std::string& path);
/// Headers that are none of a gRPC call of `path`.
std::vector<NamedHeaders> BadCallHeaders(const std::string& path);
/// Headers that are odd, and do not keep gRPC from answering.
std::vector<NamedHeaders> OddCallHeaders(const std::string& path);
/// Bodies of a call that hold no message, or none that may be sent.
std::vector<NamedBody> BadBodies(const std::string& path);

}  // namespace loadline::attack
