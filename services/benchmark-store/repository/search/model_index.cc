#include "services/benchmark-store/repository/search/model_index.h"

#include <algorithm>
#include <unordered_map>

namespace loadline::store {
namespace {

// A name says what a model is; the rest says what is known of it.
constexpr double kBesideTheName = 0.8;
// Of two models with the same matches, the one with less besides comes first.
constexpr double kShareOfCoverage = 0.1;

std::string TextBesideName(const domain::Model& model) {
  std::string text = model.base_model + " " + model.architecture;
  for (const auto& tag : model.tags) text += " " + tag;
  return text;
}

/// Gives each word its number.
class Vocabulary {
 public:
  explicit Vocabulary(std::vector<PreparedWord>& words) : words_(words) {}

  std::vector<std::uint32_t> NumbersOf(const std::vector<std::string>& texts) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(texts.size());
    for (const auto& text : texts) numbers.push_back(NumberOf(text));
    return numbers;
  }

 private:
  std::uint32_t NumberOf(const std::string& text) {
    const auto [found, added] = numbers_.try_emplace(text, static_cast<std::uint32_t>(words_.size()));
    if (added) words_.emplace_back(text);
    return found->second;
  }

  std::vector<PreparedWord>& words_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace

ModelIndex::ModelIndex(const std::vector<domain::Model>& models) {
  Vocabulary vocabulary(words_);
  models_.reserve(models.size());
  for (const auto& model : models) {
    Entry entry = {.words = vocabulary.NumbersOf(SearchWords(model.name))};
    entry.name_words = entry.words.size();
    const auto others = vocabulary.NumbersOf(SearchWords(TextBesideName(model)));
    entry.words.insert(entry.words.end(), others.begin(), others.end());
    models_.push_back(std::move(entry));
  }
}

std::vector<ModelIndex::Matches> ModelIndex::MatchWords(const ModelQuery& query) const {
  std::vector<Matches> matches;
  for (const auto& text : query.words()) {
    const PreparedWord asked(text);
    auto& of_word = matches.emplace_back();
    of_word.reserve(words_.size());
    for (const auto& word : words_) of_word.push_back(WordMatch(asked, word));
  }
  return matches;
}

double ModelIndex::BestOf(const Entry& entry, const Matches& matches) {
  double best = 0;
  for (std::size_t i = 0; i < entry.words.size(); ++i) {
    const double match = matches[entry.words[i]];
    best = std::max(best, i < entry.name_words ? match : kBesideTheName * match);
  }
  return best;
}

double ModelIndex::ScoreOf(const Entry& entry, const std::vector<Matches>& matches, bool all) {
  double sum = 0;
  for (const auto& of_word : matches) {
    const double best = BestOf(entry, of_word);
    if (all && best == 0) return 0;
    sum += best;
  }
  const double coverage = std::min(1.0, sum / static_cast<double>(std::max<std::size_t>(1, entry.name_words)));
  return (1 - kShareOfCoverage) * sum / static_cast<double>(matches.size()) + kShareOfCoverage * coverage;
}

std::vector<ModelMatch> ModelIndex::Find(const ModelQuery& query) const {
  const auto matches = MatchWords(query);
  std::vector<ModelMatch> found;
  for (std::size_t model = 0; model < models_.size(); ++model) {
    const double score = ScoreOf(models_[model], matches, true);
    if (score > 0) found.push_back({model, score});
  }
  return found;
}

std::vector<ModelMatch> ModelIndex::Nearest(const ModelQuery& query, std::size_t count) const {
  const auto matches = MatchWords(query);
  std::vector<ModelMatch> found;
  for (std::size_t model = 0; model < models_.size(); ++model) {
    const double score = ScoreOf(models_[model], matches, false);
    if (score > 0) found.push_back({model, score});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  found.resize(std::min(count, found.size()));
  return found;
}

}  // namespace loadline::store
