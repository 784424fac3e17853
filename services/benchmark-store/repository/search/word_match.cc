#include "services/benchmark-store/repository/search/word_match.h"

#include <algorithm>
#include <utility>

namespace loadline::store {
namespace {

std::string DigitsOf(const std::string& word) {
  std::string digits;
  for (const char c : word) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

std::vector<std::uint32_t> TrigramsOf(const std::string& word) {
  const std::string padded = "  " + word + " ";
  std::vector<std::uint32_t> trigrams;
  for (std::size_t i = 0; i + 3 <= padded.size(); ++i) {
    std::uint32_t trigram = 0;
    for (std::size_t j = 0; j < 3; ++j) trigram = trigram << 8U | static_cast<unsigned char>(padded[i + j]);
    trigrams.push_back(trigram);
  }
  std::sort(trigrams.begin(), trigrams.end());
  trigrams.erase(std::unique(trigrams.begin(), trigrams.end()), trigrams.end());
  return trigrams;
}

std::size_t CountCommon(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t common = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) ++common;
    const bool advance_x = *x <= *y;
    const bool advance_y = *y <= *x;
    x += advance_x ? 1 : 0;
    y += advance_y ? 1 : 0;
  }
  return common;
}

/// What `Similarity` cannot exceed; much cheaper.
double LargestSimilarity(const PreparedWord& a, const PreparedWord& b) {
  // By value: of temporaries minmax returns references.
  const auto [fewer, more] = std::minmax({a.trigrams.size(), b.trigrams.size()});
  return static_cast<double>(fewer) / static_cast<double>(more);
}

bool DigitsAgree(const PreparedWord& a, const PreparedWord& b) {
  return a.digits.empty() || b.digits.empty() || a.digits == b.digits;
}

}  // namespace

PreparedWord::PreparedWord(std::string word)
    : text(std::move(word)), digits(DigitsOf(text)), trigrams(TrigramsOf(text)) {}

double Similarity(const PreparedWord& a, const PreparedWord& b) {
  const auto common = CountCommon(a.trigrams, b.trigrams);
  return static_cast<double>(common) / static_cast<double>(a.trigrams.size() + b.trigrams.size() - common);
}

double WordMatch(const PreparedWord& asked, const PreparedWord& word) {
  if (word.text.starts_with(asked.text)) {
    return 0.5 + 0.5 * static_cast<double>(asked.text.size()) / static_cast<double>(word.text.size());
  }
  if (!DigitsAgree(asked, word) || LargestSimilarity(asked, word) < kSpellingSimilarity) return 0;
  const double similarity = Similarity(asked, word);
  return similarity >= kSpellingSimilarity ? similarity : 0;
}

}  // namespace loadline::store
