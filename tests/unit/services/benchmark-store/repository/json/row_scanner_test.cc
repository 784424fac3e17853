#include "services/benchmark-store/repository/json/row_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace loadline::store::json {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Parts = std::vector<std::pair<std::string, std::string>>;

struct Scan {
  bool complete = false;
  Parts elements;
  Parts values;
};

Scan ScanOf(std::string_view text) {
  Scan scan;
  scan.complete = ScanRows(text, {.element =
                                      [&](auto key, auto element) {
                                        scan.elements.emplace_back(key, element);
                                        return true;
                                      },
                                  .value =
                                      [&](auto key, auto value) {
                                        scan.values.emplace_back(key, value);
                                        return true;
                                      }});
  return scan;
}

TEST(ScanRows, CutsTheArraysOfAnObject) {
  const auto scan = ScanOf(R"( { "revision" : 7, "rows": [ {"a": [1, {"b": 2}]} , {"c": 3} ], "more": [1] } )");
  EXPECT_TRUE(scan.complete);
  EXPECT_THAT(scan.values, ElementsAre(Pair("revision", "7")));
  EXPECT_THAT(scan.elements,
              ElementsAre(Pair("rows", R"({"a": [1, {"b": 2}]})"), Pair("rows", R"({"c": 3})"), Pair("more", "1")));
}

TEST(ScanRows, CutsABareArray) {
  EXPECT_THAT(ScanOf("\xEF\xBB\xBF[{},\n2 ,\"x\"]").elements,
              ElementsAre(Pair("", "{}"), Pair("", "2"), Pair("", "\"x\"")));
}

TEST(ScanRows, IsNotMisledByStrings) {
  const auto scan = ScanOf(R"([{"a": "}],{\"[\\"}, "]\\\"", 1])");
  EXPECT_TRUE(scan.complete);
  EXPECT_THAT(scan.elements, ElementsAre(Pair("", R"({"a": "}],{\"[\\"})"), Pair("", R"("]\\\"")"), Pair("", "1")));
}

TEST(ScanRows, AcceptsWhatIsEmpty) {
  EXPECT_TRUE(ScanOf("[]").complete);
  EXPECT_TRUE(ScanOf("{}").complete);
  EXPECT_TRUE(ScanOf(R"({"rows": []})").complete);
  EXPECT_THAT(ScanOf(R"({"rows": [ ]})").elements, IsEmpty());
}

TEST(ScanRows, RefusesWhatIsNoDocument) {
  for (const char* text : {"",      " ",           "7",     "\"x\"",   "[",        "{",         "[1",
                           "[1,",   "[1,]",        "[,]",   "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\": [1}",
                           "[1] 2", "[{\"a\": 1]", "[\"x]", "{a: 1}",  "[}",       "[1 2]"}) {
    EXPECT_FALSE(ScanOf(text).complete) << text;
  }
}

TEST(ScanRows, StopsWhenAHandlerSaysSo) {
  int seen = 0;
  const auto stop = [&](auto, auto) { return ++seen < 2; };
  EXPECT_FALSE(ScanRows("[1, 2, 3]", {.element = stop, .value = stop}));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace loadline::store::json
