#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadline::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of `bytes`.
Sha256Digest Sha256(std::string_view bytes);

/// Lower-case hex of the bytes, two characters each.
std::string Hex(const std::uint8_t* bytes, std::size_t count);

/// SHA-256 of `bytes` as 64 lower-case hex characters.
std::string Sha256Hex(std::string_view bytes);

}  // namespace loadline::base
