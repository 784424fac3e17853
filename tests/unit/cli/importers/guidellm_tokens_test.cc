#include <gmock/gmock.h>

#include "cli/importers/guidellm/tokens.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using domain::TokenLengths;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Sides {
  TokenLengths input;
  TokenLengths output;
  std::vector<std::string> problems;
};

Sides Read(const json& data) {
  ImportedRow row;
  ReadGuidellmTokens(data, "data", row);
  return {row.measurement.input_lengths, row.measurement.output_lengths, row.problems};
}

TEST(ReadGuidellmTokens, ReadsAssignments) {
  const Sides sides = Read(
      "prompt_tokens=1024, prompt_tokens_min=512,prompt_tokens_max = 1536, output_tokens=256,"
      "output_tokens_stdev=12.5, samples=5000");
  EXPECT_EQ(sides.input, (TokenLengths{.nominal = 1024.0, .min = 512.0, .max = 1536.0}));
  EXPECT_EQ(sides.output, (TokenLengths{.nominal = 256.0, .stdev = 12.5}));
  EXPECT_THAT(sides.problems, IsEmpty());
}

TEST(ReadGuidellmTokens, ReadsAnObject) {
  const Sides sides = Read({{"prompt_tokens", 32}, {"prompt_tokens_stdev", nullptr}, {"output_tokens", 8}});
  EXPECT_EQ(sides.input, (TokenLengths{.nominal = 32.0}));
  EXPECT_EQ(sides.output, (TokenLengths{.nominal = 8.0}));
}

TEST(ReadGuidellmTokens, ReadsAnObjectWrittenAsText) {
  EXPECT_EQ(Read(R"({"prompt_tokens": 32, "output_tokens": 8})").output, (TokenLengths{.nominal = 8.0}));
}

TEST(ReadGuidellmTokens, KnowsNothingOfDataSets) {
  for (const json& data : {json("org/dataset"), json("{broken"), json(7), json::array({1}), json()}) {
    const Sides sides = Read(data);
    EXPECT_EQ(sides.input, TokenLengths()) << data;
    EXPECT_EQ(sides.output, TokenLengths()) << data;
    EXPECT_THAT(sides.problems, IsEmpty()) << data;
  }
}

TEST(ReadGuidellmTokens, NotesWhatIsNoNumber) {
  EXPECT_THAT(Read("prompt_tokens=many").problems, ElementsAre(R"(data.prompt_tokens: not a number: "many")"));
}

}  // namespace
}  // namespace loadline::cli
