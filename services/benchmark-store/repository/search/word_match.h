#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::store {

/// The similarity from which on two words may be spellings of one; 0 to 1.
/// Databases select candidates by it.
inline constexpr double kSpellingSimilarity = 0.3;

/// A word of `SearchWords` with what comparing it needs.
struct PreparedWord {
  explicit PreparedWord(std::string word);

  std::string text;
  /// Its digits in their order.
  std::string digits;
  /// As pg_trgm makes them, of "  text ": sorted, without repeats.
  std::vector<std::uint32_t> trigrams;
};

/// Trigrams that both have by those that any has, 0 to 1: what `similarity` of
/// pg_trgm says of two words.
double Similarity(const PreparedWord& a, const PreparedWord& b);

/// How well `word` answers to `asked`: 1 for the same, from 0.5 on for one that
/// starts with it, their similarity for one that is spelled much like it, else
/// 0. Different digits are no spelling: 70b is not 7b, nor qwen3 qwen2.
double WordMatch(const PreparedWord& asked, const PreparedWord& word);

}  // namespace loadline::store
