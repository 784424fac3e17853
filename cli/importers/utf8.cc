#include "cli/importers/utf8.h"

#include <cstdint>

namespace loadline::cli {
namespace {

/// The characters that start with a byte in [first, last]: how many bytes
/// follow, and what the second may be so that nothing is too long, a surrogate
/// or beyond U+10FFFF. Table 3-7 of the Unicode standard.
struct Lead {
  std::uint8_t first, last;
  std::size_t following;
  std::uint8_t second_min, second_max;
};
constexpr Lead kLeads[] = {{0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF},
                           {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF},
                           {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F}};

std::uint8_t ByteAt(std::string_view text, std::size_t index) { return static_cast<std::uint8_t>(text[index]); }

const Lead* LeadFor(std::uint8_t byte) {
  for (const Lead& lead : kLeads) {
    if (byte >= lead.first && byte <= lead.last) return &lead;
  }
  return nullptr;
}

/// The length of the character that `text` starts with; 0 if it is none.
std::size_t CharacterLength(std::string_view text) {
  const Lead* lead = LeadFor(ByteAt(text, 0));
  if (lead == nullptr || text.size() <= lead->following) return 0;
  for (std::size_t i = 1; i <= lead->following; ++i) {
    const std::uint8_t min = i == 1 ? lead->second_min : 0x80;
    const std::uint8_t max = i == 1 ? lead->second_max : 0xBF;
    if (ByteAt(text, i) < min || ByteAt(text, i) > max) return 0;
  }
  return lead->following + 1;
}

}  // namespace

std::size_t ValidUtf8Prefix(std::string_view text) {
  std::size_t valid = 0;
  while (valid < text.size()) {
    const std::size_t length = CharacterLength(text.substr(valid));
    if (length == 0) break;
    valid += length;
  }
  return valid;
}

}  // namespace loadline::cli
