#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/domain/catalog.h"
#include "services/benchmark-store/repository/search/model_query.h"
#include "services/benchmark-store/repository/search/word_match.h"

namespace loadline::store {

/// A model by its place in the index, and how well it matches: above 0, up to
/// 1.
struct ModelMatch {
  std::size_t model = 0;
  double score = 0;

  friend bool operator==(const ModelMatch&, const ModelMatch&) = default;
};

/// The words of models. Immutable. A model's score depends on itself and the
/// query only, so that an index of all models and one of a few that surely hold
/// all matches agree.
class ModelIndex {
 public:
  ModelIndex() = default;
  /// Indexes name, base model, architecture and tags.
  explicit ModelIndex(const std::vector<domain::Model>& models);

  /// The models that match every word of `query`, in the order of the index.
  std::vector<ModelMatch> Find(const ModelQuery& query) const;

  /// The up to `count` models that match most of it, best first; ties in the
  /// order of the index. For queries that nothing matches.
  std::vector<ModelMatch> Nearest(const ModelQuery& query, std::size_t count) const;

 private:
  struct Entry {
    /// Numbers of words: those of the name first.
    std::vector<std::uint32_t> words;
    std::size_t name_words = 0;
  };
  /// How well each word of the index answers to one word of a query.
  using Matches = std::vector<double>;

  std::vector<Matches> MatchWords(const ModelQuery& query) const;
  static double BestOf(const Entry& entry, const Matches& matches);
  static double ScoreOf(const Entry& entry, const std::vector<Matches>& matches, bool all);

  std::vector<PreparedWord> words_;
  std::vector<Entry> models_;
};

}  // namespace loadline::store
