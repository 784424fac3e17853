#include "libs/wire/page_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "libs/base/sha256.h"

namespace loadline::wire {
namespace {

// A token's bytes: version, check, revision (big-endian), then `after`.
constexpr char kVersion = 1;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kRevisionBytes = 8;
constexpr std::size_t kHeaderBytes = 1 + kCheckBytes;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> MakeValues() {
  std::array<std::int8_t, 256> values = {};
  for (auto& value : values) value = -1;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr auto kValues = MakeValues();

std::string EncodeBase64Url(std::string_view bytes) {
  std::string text;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) text += kAlphabet[buffer << (6 - bits) & 63];
  return text;
}

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  std::string bytes;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char character : text) {
    const int value = kValues[static_cast<unsigned char>(character)];
    if (value < 0) return std::nullopt;
    buffer = buffer << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 255);
  }
  return bytes;
}

std::string EncodeRevision(std::int64_t revision) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(revision >> shift & 255);
  return bytes;
}

std::int64_t DecodeRevision(std::string_view bytes) {
  std::uint64_t revision = 0;
  for (const char byte : bytes) revision = revision << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(revision);
}

// Binds a position to its query; finds damage too. No protection from forgery.
std::string CheckOf(std::string_view query, std::string_view position) {
  const auto digest = base::Sha256(fmt::format("{}:{}{}", query.size(), query, position));
  return {digest.begin(), digest.begin() + kCheckBytes};
}

base::Error BadToken(std::string_view field) {
  return base::InvalidArgument(field, "is damaged or belongs to another query; start again without it.");
}

}  // namespace

std::string EncodePageToken(const PagePosition& position, std::string_view query) {
  const auto body = EncodeRevision(position.revision) + position.after;
  return EncodeBase64Url(kVersion + CheckOf(query, body) + body);
}

base::Result<PagePosition> DecodePageToken(std::string_view token, std::string_view query, std::string_view field) {
  const auto bytes = DecodeBase64Url(token);
  if (!bytes || bytes->size() < kHeaderBytes + kRevisionBytes || bytes->front() != kVersion) {
    return base::Fail(BadToken(field));
  }
  const auto body = std::string_view(*bytes).substr(kHeaderBytes);
  if (std::string_view(*bytes).substr(1, kCheckBytes) != CheckOf(query, body)) return base::Fail(BadToken(field));
  return PagePosition{.revision = DecodeRevision(body.substr(0, kRevisionBytes)),
                      .after = std::string(body.substr(kRevisionBytes))};
}

base::Result<int> PageSize(int requested, int fallback, int cap, std::string_view field) {
  if (requested < 0) {
    return base::Fail(
        base::InvalidArgument(field, fmt::format("must not be negative, and is {}; 0 means {}.", requested, fallback)));
  }
  return requested == 0 ? fallback : std::min(requested, cap);
}

}  // namespace loadline::wire
