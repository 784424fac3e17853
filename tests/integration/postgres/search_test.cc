#include <gmock/gmock.h>

#include <random>

#include "libs/testing/postgres_server.h"
#include "services/benchmark-store/repository/search/word_match.h"

namespace loadline::store::postgres {
namespace {

using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;

std::string AnyWord(std::mt19937& random) {
  std::string word(std::uniform_int_distribution<std::size_t>(1, 9)(random), ' ');
  for (auto& letter : word) letter = "abcd12"[std::uniform_int_distribution<std::size_t>(0, 5)(random)];
  return word;
}

TEST(Similarity, OfWordsIsWhatPgTrgmSays) {
  const TestDatabase database(SharedPostgres());
  database.Psql("CREATE EXTENSION pg_trgm");
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::string sql =
      "SELECT count(*) || ' of ' || count(*) FILTER (WHERE abs(similarity(a, b) - s) < 1e-6) FROM (VALUES ";
  for (int i = 0; i < 500; ++i) {
    const PreparedWord a(AnyWord(random));
    const PreparedWord b(AnyWord(random));
    sql += std::string(i == 0 ? "" : ",") + "('" + a.text + "', '" + b.text + "', " + std::to_string(Similarity(a, b)) +
           "::float8)";
  }
  EXPECT_EQ(database.Psql(sql + ") w (a, b, s)"), "500 of 500");
}

}  // namespace
}  // namespace loadline::store::postgres
