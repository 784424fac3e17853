#include "services/benchmark-store/repository/search/model_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/domain/text.h"

namespace loadline::store {
namespace {

constexpr std::size_t kMaxBytes = 256;
constexpr std::size_t kMaxWords = 16;

bool IsWordCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

base::Error BadQuery(std::string_view why) { return base::InvalidArgument("query", why); }

std::vector<std::string> WithoutRepeats(std::vector<std::string> words) {
  auto kept = words.begin();
  for (auto& word : words) {
    if (std::find(words.begin(), kept, word) == kept) *kept++ = word;
  }
  words.erase(kept, words.end());
  return words;
}

}  // namespace

std::vector<std::string> SearchWords(std::string_view text) {
  std::vector<std::string> words;
  const auto lower = domain::Lower(text);
  for (auto at = lower.begin(); at != lower.end();) {
    const auto start = std::find_if(at, lower.end(), IsWordCharacter);
    at = std::find_if_not(start, lower.end(), IsWordCharacter);
    if (start != at) words.emplace_back(start, at);
  }
  return words;
}

base::Result<ModelQuery> ModelQuery::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return base::Fail(BadQuery(fmt::format("has {} bytes; give at most {}.", text.size(), kMaxBytes)));
  }
  auto words = WithoutRepeats(SearchWords(text));
  if (words.empty()) {
    return base::Fail(BadQuery(
        fmt::format("needs a word of letters or digits, such as `llama 70b`, and is {}.", domain::Quoted(text))));
  }
  if (words.size() > kMaxWords) {
    return base::Fail(BadQuery(fmt::format("has {} words; give at most {}.", words.size(), kMaxWords)));
  }
  return ModelQuery(std::move(words));
}

}  // namespace loadline::store
