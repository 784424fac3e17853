#include <cstdint>
#include <string_view>

#include "services/benchmark-store/repository/search/model_query.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const auto query = store::ModelQuery::Parse({reinterpret_cast<const char*>(data), size});
  if (!query) {
    fuzz::Expect(query.error().violations.size() == 1 && query.error().violations[0].field == "query", "the field");
    return 0;
  }
  fuzz::Expect(!query->words().empty() && query->words().size() <= 16, "1 to 16 words");
  std::string joined;
  for (const auto& word : query->words()) joined.append(joined.empty() ? "" : " ").append(word);
  const auto again = store::ModelQuery::Parse(joined);
  fuzz::Expect(again && again->words() == query->words(), "words are found again");
  return 0;
}
