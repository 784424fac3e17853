#include "libs/domain/text.h"

#include <algorithm>
#include <utility>

namespace loadline::domain {
namespace {

constexpr std::string_view kWhitespace = " \t\n\v\f\r";
constexpr std::string_view kSeparators = " \t\n\v\f\r-_/,()[]";
constexpr std::size_t kMaxQuoted = 40;

char LowerChar(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool IsDecimalPoint(std::string_view text, std::size_t i) {
  return text[i] == '.' && i > 0 && i + 1 < text.size() && IsDigit(text[i - 1]) && IsDigit(text[i + 1]);
}

bool IsSeparator(std::string_view text, std::size_t i) {
  if (text[i] == '.') return !IsDecimalPoint(text, i);
  return kSeparators.find(text[i]) != std::string_view::npos;
}

std::string Escaped(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7F) return {c};
  return {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
}

}  // namespace

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerChar);
  return lower;
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerChar(x) == LowerChar(y); });
}

std::vector<std::string> NameWords(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && !IsSeparator(name, i)) {
      word += LowerChar(name[i]);
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "`";
  for (const char c : text.substr(0, kMaxQuoted)) quoted += Escaped(c);
  return quoted + (text.size() > kMaxQuoted ? "...`" : "`");
}

bool IsPrintable(std::string_view text) { return std::none_of(text.begin(), text.end(), IsControl); }

}  // namespace loadline::domain
