#include "libs/base/suggest.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace loadline::base {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// Levenshtein distance, one row of the table at a time.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row[b.size()];
}

/// How unlike two lower-case names are: 0 when `known` contains `name`, else 1
/// and up; nullopt when they are too unlike to suggest.
std::optional<std::size_t> Unlikeness(std::string_view name, std::string_view known) {
  if (known.find(name) != std::string_view::npos) return 0;
  const std::size_t allowed = name.size() / 2;
  // The distance is at least the difference of the lengths: no table is needed.
  if (std::max(name.size(), known.size()) - std::min(name.size(), known.size()) > allowed) return std::nullopt;
  const std::size_t distance = EditDistance(name, known);
  return distance <= allowed ? std::optional(distance) : std::nullopt;
}

}  // namespace

std::vector<std::string> ClosestNames(std::string_view name, const std::vector<std::string>& known, std::size_t count) {
  const std::string lower = Lower(name);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  if (lower.empty()) return {};
  for (const auto& candidate : known) {
    if (const auto unlikeness = Unlikeness(lower, Lower(candidate))) ranked.emplace_back(*unlikeness, candidate);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) names.push_back(std::move(ranked[i].second));
  return names;
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& known) {
  const auto names = ClosestNames(name, known);
  if (names.empty()) return "";
  std::string text = " Did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "`" + names[i] + "`";
  }
  return text + "?";
}

}  // namespace loadline::base
