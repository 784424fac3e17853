#include <fmt/format.h>

#include <algorithm>

#include "services/benchmark-store/repository/found_models.h"
#include "services/benchmark-store/repository/postgres/queries.h"
#include "services/benchmark-store/repository/search/model_index.h"

namespace loadline::store::postgres {
namespace {

// Below `kSpellingSimilarity`: rounding must not lose a candidate.
constexpr double kCandidateSimilarity = kSpellingSimilarity - 0.01;

constexpr char kCountsNow[] =
    "SELECT count(*) AS configurations, sum(k.benchmark_count) AS benchmarks FROM configurations k "
    "WHERE k.benchmark_count > 0 AND k.model_version_id IN (SELECT v.id FROM model_versions v WHERE v.model_id = m.id)";

// As of a revision: benchmarks that came later are left out.
constexpr char kCountsThen[] =
    "SELECT count(DISTINCT c.configuration_id) AS configurations, count(*) AS benchmarks FROM benchmark_results b "
    "JOIN curves c ON c.id = b.curve_id JOIN configurations k ON k.id = c.configuration_id "
    "JOIN model_versions v ON v.id = k.model_version_id WHERE v.model_id = m.id AND b.revision <= ${}";

/// Models with a word that starts with each of `words` asked words, or is
/// spelled much like it: all that match, and some that do not. Two parameters
/// a word, and the revision last unless it is the newest.
Statement Candidates(std::size_t words, bool newest) {
  std::string sql = fmt::format(
      "SELECT m.name, n.configurations::int4, coalesce(n.benchmarks, 0)::int8 FROM models m CROSS JOIN LATERAL ({}) n "
      "WHERE (m.catalogued OR n.benchmarks > 0)",
      newest ? kCountsNow : fmt::format(kCountsThen, 2 * words + 1));
  for (std::size_t i = 0; i < words; ++i) {
    sql += fmt::format(" AND (m.search_words @@ ${}::tsquery OR m.search_text %> ${})", 2 * i + 1, 2 * i + 2);
  }
  return {.name = fmt::format("search_models_{}_{}", newest ? "now" : "then", words), .sql = sql + " ORDER BY m.name"};
}

/// Words are of ASCII letters and digits, so nothing has to be quoted.
Parameters CandidateParameters(const ModelQuery& query) {
  Parameters parameters;
  for (const auto& word : query.words()) parameters.Text(word + ":*").Text(word);
  return parameters;
}

/// Models in order of name, with their counts.
std::vector<domain::Model> ModelsIn(const Rows& rows, const Catalog& catalog) {
  std::vector<domain::Model> models;
  for (int row = 0; row < rows.size(); ++row) {
    auto& model = models.emplace_back(Described(rows.Text(row, 0), catalog.models));
    model.configuration_count = rows.Integer(row, 1);
    model.benchmark_count = static_cast<int>(rows.BigInteger(row, 2));
  }
  return models;
}

std::vector<FoundModel> Matching(const std::vector<domain::Model>& candidates, const ModelQuery& query) {
  std::vector<FoundModel> found;
  for (const auto& match : ModelIndex(candidates).Find(query)) found.push_back({candidates[match.model], match.score});
  return found;
}

/// Candidates, and the revision that they are of.
struct Candidacy {
  Rows rows;
  domain::Revision revision = 0;
};

/// `asked`: the revision, or 0 for the newest.
base::Result<Candidacy> ReadCandidates(Connection& connection, const ModelQuery& query, domain::Revision asked,
                                       const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, Transaction::BeginSnapshot(connection, scope));
  LOADLINE_RETURN_IF_ERROR(
      connection.Execute(fmt::format("SET LOCAL pg_trgm.word_similarity_threshold = {}", kCandidateSimilarity), scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(connection, scope));
  const auto revision = asked == 0 ? state.revision : asked;
  const bool newest = revision == state.revision;
  auto parameters = CandidateParameters(query);
  if (!newest) parameters.BigInteger(revision);
  LOADLINE_ASSIGN_OR_RETURN(auto rows, connection.Run(Candidates(query.words().size(), newest), parameters, scope));
  return Candidacy{.rows = std::move(rows), .revision = revision};
}

}  // namespace

base::Result<Page<FoundModel>> SearchModels(PostgresStore& store, const ModelQuery& query, const PageRequest& page,
                                            const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto pin, PinRevision(store, page.revision, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto found, RunRepeatable(*pin.pool, scope, [&](Connection& connection) {
                              return ReadCandidates(connection, query, page.revision, scope);
                            }));
  LOADLINE_ASSIGN_OR_RETURN(const auto catalog, store.ReadCatalog(scope));
  return PageOf(Matching(ModelsIn(found.rows, *catalog.catalog), query), page, found.revision);
}

}  // namespace loadline::store::postgres
