#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Arguments : public CommandTest {};

struct Mistake {
  std::vector<std::string> arguments;
  /// Part of the message.
  std::string message;
};

TEST_F(Arguments, AMistakeIsSaidInOneLineWithStatus2) {
  const std::vector<Mistake> mistakes = {
      {{}, "A command is missing."},
      {{"plam"}, "`plam` is not known here. Did you mean `plan`?"},
      {{"list"}, "A command is missing. Run `loadline list --help`"},
      {{"list", "modles"}, "Did you mean `models`?"},
      {{"plan", "--rps", "1", "--slow", "x"}, "`--slow` is not known here. Did you mean `--slo`"},
      {{"plan"}, "--rps is required."},
      {{"plan", "--rps", "fast"}, "--rps: `fast` is not a number"},
      {{"plan", "--rps", "1e999"}, "--rps: `1e999` is not a number"},
      {{"plan", "--rps", "1", "--input-tokens", "512"}, "--input-tokens requires --output-tokens"},
      {{"plan", "--rps", "1", "--max-gpus", "H100"}, "--max-gpus: `H100` is incomplete; write it as H100=16"},
      {{"plan", "--rps", "1", "--max-gpus", "H100=many"}, "--max-gpus: `many` is not a whole number"},
      {{"plan", "--rps", "1", "--policy", "nearest"}, "nearest not in {auto,exact,closest,closest-rescaled}"},
      {{"plan", "--rps", "1", "--top", "1.5"}, "--top: `1.5` is not a whole number"},
      {{"plan", "--rps", "1", "--rejected", "-1"}, "--rejected"},
      {{"match"}, "--input-tokens is required"},
      {{"get"}, "BENCHMARK_ID is required"},
      {{"import"}, "PATH is required"},
      {{"list", "models", "--limit=-1"}, "--limit: `-1` is negative; give 0 to list everything"},
      {{"list", "models", "--output", "xml"}, "xml not in {table,json,yaml}"},
      {{"--timeout", "0", "list", "models"}, "--timeout: `0` is out of range"},
      {{"--timeout", "nan", "list", "models"}, "--timeout: `nan` is out of range"},
      {{"hardware", "set", "H100"}, "nothing to set; give --memory-gib, --price or --alias"},
      {{"hardware", "set", "H100", "--price", "aws"}, "--price: `aws` is incomplete; write it as aws:on_demand=4.10"},
      {{"hardware", "set", "H100", "--price", "aws=cheap"}, "--price: `cheap` is not a number"},
  };
  for (const auto& mistake : mistakes) {
    const auto run = Loadline(mistake.arguments);
    EXPECT_EQ(run.status, 2) << mistake.message;
    EXPECT_THAT(run.error, StartsWith("error: "));
    EXPECT_THAT(run.error, HasSubstr(mistake.message));
    EXPECT_EQ(std::count(run.error.begin(), run.error.end(), '\n'), 1) << run.error;
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(Arguments, EveryCommandHasHelpWithAnExample) {
  const std::vector<std::vector<std::string>> commands = {{},
                                                          {"import"},
                                                          {"plan"},
                                                          {"match"},
                                                          {"get"},
                                                          {"list"},
                                                          {"list", "models"},
                                                          {"list", "configurations"},
                                                          {"list", "benchmarks"},
                                                          {"list", "hardware"},
                                                          {"list", "use-cases"},
                                                          {"list", "quarantined"},
                                                          {"hardware"},
                                                          {"hardware", "set"}};
  for (auto command : commands) {
    std::string line = "loadline";
    for (const auto& word : command) line += " " + word;
    command.push_back("--help");
    const auto run = Loadline(command);
    EXPECT_EQ(run.status, 0) << line;
    EXPECT_THAT(run.out, HasSubstr("Example:\n  " + line)) << line;
    EXPECT_THAT(run.error, IsEmpty());
  }
}

TEST_F(Arguments, VersionIsPrinted) { EXPECT_THAT(Loadline({"--version"}).out, StartsWith("loadline ")); }

TEST_F(Arguments, GlobalOptionsMayStandBeforeAndAfterTheCommand) {
  services.catalog.models.answers.emplace_back();
  EXPECT_THAT(Loadline({"--output", "json", "list", "models"}).out, StartsWith("{"));
  EXPECT_THAT(Loadline({"list", "--output", "json", "models"}).out, StartsWith("{"));
  EXPECT_THAT(Loadline({"list", "models", "-o", "json"}).out, StartsWith("{"));
}

TEST_F(Arguments, AddressOptionsWinOverTheEnvironment) {
  variables = {{"LOADLINE_STORE", "127.0.0.1:1"}, {"LOADLINE_PLANNER", "127.0.0.1:1"}};
  EXPECT_EQ(Loadline({"list", "models"}).status, 3);
  EXPECT_EQ(Loadline({"list", "models", "--store", services.store_address()}).status, 0);
  const auto match =
      Loadline({"match", "--input-tokens", "1", "--output-tokens", "1", "--planner", services.planner_address()});
  EXPECT_EQ(match.status, 0) << match.error;
}

TEST_F(Arguments, AServiceThatIsAwayIsNamedWithItsAddress) {
  variables["LOADLINE_STORE"] = "127.0.0.1:1";
  const auto run = Loadline({"list", "models"});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, StartsWith("error: benchmark-store at 127.0.0.1:1 does not answer"));
  EXPECT_THAT(run.error, HasSubstr("--store"));
}

TEST_F(Arguments, TlsNeedsACa) {
  const auto run = Loadline({"list", "models", "--tls-cert", "a.crt", "--tls-key", "a.key"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, StartsWith("error: --tls-ca: is not set"));
}

TEST_F(Arguments, FilesOfTlsThatAreWrongAreNamedWithTheirOptionsAllAtOnce) {
  const auto run = Loadline({"list", "models", "--tls-ca", "/nowhere/ca.crt", "--tls-cert", "/nowhere/a.crt"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("error: --tls-ca: /nowhere/ca.crt cannot be read"));
  EXPECT_THAT(run.error, HasSubstr("error: --tls-key: is not set, and --tls-cert is"));
}

TEST_F(Arguments, OptionsOfTlsWinOverTheEnvironment) {
  variables["LOADLINE_TLS_CA"] = "/nowhere/variable.crt";
  EXPECT_THAT(Loadline({"list", "models"}).error, HasSubstr("/nowhere/variable.crt cannot be read"));
  EXPECT_THAT(Loadline({"list", "models", "--tls-ca", "/nowhere/option.crt"}).error, HasSubstr("/nowhere/option.crt"));
}

TEST_F(Arguments, TheWrongServiceAtAnAddressIsSaidToBe) {
  variables["LOADLINE_PLANNER"] = services.store_address();
  const auto run = Loadline({"match", "--input-tokens", "1", "--output-tokens", "1"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("is not planner"));
}

}  // namespace
}  // namespace loadline::cli
