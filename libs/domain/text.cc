#include "libs/domain/text.h"

#include <algorithm>

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

/// Removes the first word of `name`, and what separates it from the next; empty
/// where there is none.
std::string_view TakeNameWord(std::string_view& name) {
  std::size_t start = 0;
  while (start < name.size() && IsSeparator(name, start)) ++start;
  std::size_t end = start;
  while (end < name.size() && !IsSeparator(name, end)) ++end;
  const std::string_view word = name.substr(start, end - start);
  name.remove_prefix(end);
  return word;
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
  for (auto word = TakeNameWord(name); !word.empty(); word = TakeNameWord(name)) words.push_back(Lower(word));
  return words;
}

bool HasNameWords(std::string_view name, const std::vector<std::string>& words) {
  const auto is_next = [&name](const std::string& word) { return EqualsIgnoringCase(TakeNameWord(name), word); };
  return std::all_of(words.begin(), words.end(), is_next) && TakeNameWord(name).empty();
}

std::string Quoted(std::string_view text) {
  std::string quoted = "`";
  for (const char c : text.substr(0, kMaxQuoted)) quoted += Escaped(c);
  return quoted + (text.size() > kMaxQuoted ? "...`" : "`");
}

bool IsPrintable(std::string_view text) { return std::none_of(text.begin(), text.end(), IsControl); }

}  // namespace loadline::domain
