#include "cli/output/text.h"

#include <algorithm>
#include <array>

namespace loadline::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Marks that are drawn over the character before them.
constexpr std::array kNoWidth = {Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                 Range{0xFE00, 0xFE0F}};
// East Asian wide characters and emoji.
constexpr std::array kWide = {Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF},   Range{0xAC00, 0xD7A3},
                              Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
                              Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
// C0 but the line break, DEL and C1; marks of writing direction; BOM.
constexpr std::array kSteering = {Range{0x00, 0x09},     Range{0x0B, 0x1F},     Range{0x7F, 0x9F},
                                  Range{0x200E, 0x200F}, Range{0x202A, 0x202E}, Range{0x2066, 0x2069},
                                  Range{0xFEFF, 0xFEFF}};
constexpr char32_t kInvalid = 0xFFFD;

template <std::size_t kCount>
bool In(const std::array<Range, kCount>& ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [=](Range range) { return character >= range.first && character <= range.last; });
}

// One character and the bytes it took.
struct Decoded {
  char32_t character = kInvalid;
  std::size_t bytes = 1;
};

std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

char32_t LeadBits(unsigned char lead, std::size_t length) {
  if (length == 1) return lead;
  return lead & (0xFFU >> (length + 1));
}

// `text` must not be empty.
Decoded Decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = SequenceLength(lead);
  if (length == 0 || length > text.size()) return {};
  char32_t character = LeadBits(lead, length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return {};
    character = (character << 6U) | (byte & 0x3FU);
  }
  return {.character = character, .bytes = length};
}

std::size_t WidthOf(char32_t character) {
  if (In(kNoWidth, character)) return 0;
  return In(kWide, character) ? 2 : 1;
}

// Where a piece of at most `width` columns ends if it is broken anywhere.
std::size_t HardBreak(std::string_view line, std::size_t width) {
  std::size_t end = 0;
  for (std::size_t used = 0; end < line.size();) {
    const Decoded next = Decode(line.substr(end));
    used += WidthOf(next.character);
    if (used > width) break;
    end += next.bytes;
  }
  return end;
}

// Where the first piece of `line` ends, which is wider than `width`.
std::size_t BreakAt(std::string_view line, std::size_t width) {
  const std::size_t hard = HardBreak(line, width);
  // A space that would start the next line may hang over the edge.
  const auto space = line.substr(0, hard + 1).find_last_of(' ');
  if (space != std::string_view::npos && space > 0) return space + 1;
  const auto mark = line.substr(0, hard).find_last_of("/-,;:");
  if (mark != std::string_view::npos && mark > 0) return mark + 1;
  return hard;
}

std::string_view TrimRight(std::string_view text) {
  const auto last = text.find_last_not_of(' ');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Decoded next = Decode(text);
    width += WidthOf(next.character);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = Decode(text);
    const bool broken = next.character == kInvalid && next.bytes == 1;
    safe += broken || In(kSteering, next.character) ? "?" : text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return safe;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.emplace_back(text);
  return lines;
}

std::vector<std::string> Wrap(std::string_view line, std::size_t width) {
  std::vector<std::string> pieces;
  while (DisplayWidth(line) > width) {
    const std::size_t end = BreakAt(line, width);
    pieces.emplace_back(TrimRight(line.substr(0, end)));
    line.remove_prefix(end);
  }
  pieces.emplace_back(line);
  return pieces;
}

std::string Join(const std::vector<std::string>& items, std::string_view separator) {
  std::string joined;
  for (const auto& item : items) {
    if (&item != &items.front()) joined += separator;
    joined += item;
  }
  return joined;
}

}  // namespace loadline::cli
