#include "cli/importers/identity.h"

#include <gmock/gmock.h>

#include "cli/importers/units.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

TEST(ModelFromPath, FindsTheRepositoryInACachePath) {
  EXPECT_EQ(ModelFromPath("Example-Org/Model-7B"), "Example-Org/Model-7B");
  EXPECT_EQ(ModelFromPath("/models/models--Org--Model-7B/snapshots/abc/"), "Org/Model-7B");
  EXPECT_EQ(ModelFromPath("models--Org--Model--v2"), "Org/Model--v2");
  EXPECT_EQ(ModelFromPath("/cache/models--gpt2/snapshots/abc"), "gpt2");
  EXPECT_EQ(ModelFromPath("org/my-models--x"), "org/my-models--x");
}

TEST(ModelFromPath, KnowsNoModelInAnyOtherPath) {
  for (const char* path : {"/data/weights", "./weights", "~/weights", ""}) EXPECT_EQ(ModelFromPath(path), "") << path;
}

TEST(VersionOfImage, IsTheTag) {
  EXPECT_EQ(VersionOfImage("vllm/vllm-openai:v0.11.0"), "v0.11.0");
  EXPECT_EQ(VersionOfImage("ghcr.io#org#engine:0.3.1"), "0.3.1");
  EXPECT_EQ(VersionOfImage("host:5000/org/engine:1.2@sha256:abc"), "1.2");
}

TEST(VersionOfImage, IsEmptyWhereTheTagSaysNothing) {
  for (const char* image : {"", "engine", "engine:latest", "host:5000/engine", "engine@sha256:12"}) {
    EXPECT_EQ(VersionOfImage(image), "") << image;
  }
}

TEST(EngineOfImage, KnowsTheEnginesThatPeopleServeWith) {
  EXPECT_EQ(EngineOfImage("vllm/vllm-openai:v0.11.0"), "vllm");
  EXPECT_EQ(EngineOfImage("lmsysorg/SGLang:v0.5"), "sglang");
  EXPECT_EQ(EngineOfImage("nginx:1.27"), "");
}

TEST(ParseCompactTime, ReadsTheTimeThatToolsWrite) {
  EXPECT_EQ(ParseCompactTime("20260301-123000"), json::ParseTimestamp("2026-03-01T12:30:00Z"));
  for (const char* text : {"", "20260301", "20260301T123000", "20261301-123000", "2026030a-123000"}) {
    EXPECT_FALSE(ParseCompactTime(text)) << text;
  }
}

TEST(MsPer, KnowsTheUnitsOfTime) {
  EXPECT_EQ(MsPer("ns"), 1e-6);
  EXPECT_EQ(MsPer("us"), 1e-3);
  EXPECT_EQ(MsPer("ms/token"), 1.0);
  EXPECT_EQ(MsPer("Sec"), 1000.0);
  EXPECT_EQ(MsPer("s/token"), 1000.0);
  for (const char* unit : {"", "tokens", "min", "ms/request", "percent"}) EXPECT_FALSE(MsPer(unit)) << unit;
}

}  // namespace
}  // namespace loadline::cli
