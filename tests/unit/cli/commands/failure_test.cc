#include "cli/commands/failure.h"

#include <gtest/gtest.h>

#include <sstream>

namespace loadline::cli {
namespace {

const ArgumentNames kNames = {{"shape.input_tokens", "--input-tokens"},
                              {"candidates.hardware", "--hardware"},
                              {"max_gpus", "--max-gpus"},
                              {"hardware.prices", "--price"}};

TEST(Failure, FieldsAreNamedByTheArgumentThatSetsThem) {
  EXPECT_EQ(ArgumentFor("shape.input_tokens", kNames), "--input-tokens");
  EXPECT_EQ(ArgumentFor("candidates.hardware[1]", kNames), "--hardware");
  EXPECT_EQ(ArgumentFor("max_gpus[H100.x]", kNames), "--max-gpus H100.x") << "a key may hold a dot";
  EXPECT_EQ(ArgumentFor("hardware.prices[0].usd_per_gpu_hour", kNames), "--price");
  EXPECT_EQ(ArgumentFor("max_gpus[\"H100\"]", kNames), "--max-gpus H100");
  EXPECT_EQ(ArgumentFor("max_gpus[", kNames), "--max-gpus") << "never hangs on what is no path";
  EXPECT_EQ(ArgumentFor("", kNames), "");
  EXPECT_EQ(ArgumentFor("revision", kNames), "revision") << "no argument sets it";
}

TEST(Failure, EachViolationIsALineThatSaysWhatToDo) {
  std::ostringstream error;
  const auto status = Report(
      base::InvalidArgument({{"shape.input_tokens", "must be greater than 0"}, {"candidates.hardware[0]", "is empty"}}),
      kNames, error);
  EXPECT_EQ(error.str(),
            "error: --input-tokens: must be greater than 0\n"
            "error: --hardware: is empty\n");
  EXPECT_EQ(status, ExitStatus::kBadInput);
}

TEST(Failure, FieldsInATextAreNamedByTheirArgumentsToo) {
  std::ostringstream error;
  Report(base::InvalidArgument("revision", "needs shape.input_tokens and max_gpus, in any shape"), kNames, error);
  EXPECT_EQ(error.str(), "error: revision: needs --input-tokens and --max-gpus, in any shape\n");
}

TEST(Failure, AnUnknownNameComesWithWhereToFindTheRightOnes) {
  std::ostringstream error;
  Report(base::NotFound("UNKNOWN_MODEL", "There is no model `foo`.", {}), kNames, error);
  EXPECT_EQ(error.str(), "error: There is no model `foo`. See `loadline list models`.\n");
}

TEST(Failure, AFaultOfTheServiceComesWithWhereItsLogSaysMore) {
  std::ostringstream error;
  auto failure = base::Internal("a detail");
  failure.metadata["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto message = failure.message;
  Report(failure, {}, error);
  EXPECT_EQ(error.str(), "error: " + message +
                             "\nerror: The service's log says more, at trace_id 4bf92f3577b34da6a3ce929d0e0e4736.\n");
}

TEST(Failure, ALineNamesItsFileAndCannotSteerTheTerminal) {
  std::ostringstream error;
  Report(base::NotFound("X", "no `\x1b[2J`\nat all", {}), {}, error, "a.json");
  EXPECT_EQ(error.str(), "error: a.json: no `?[2J` at all\n");
}

TEST(Failure, ExitStatusTellsWrongInputFromAServiceThatIsAway) {
  using base::ErrorCode;
  for (const auto code : {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kFailedPrecondition}) {
    EXPECT_EQ(StatusOf({.code = code}), ExitStatus::kBadInput) << base::Name(code);
  }
  EXPECT_EQ(StatusOf({.code = ErrorCode::kResourceExhausted, .reason = "IMPORT_TOO_LARGE"}), ExitStatus::kBadInput);
  for (const auto code : {ErrorCode::kUnavailable, ErrorCode::kDeadlineExceeded, ErrorCode::kResourceExhausted,
                          ErrorCode::kInternal, ErrorCode::kCancelled, ErrorCode::kAborted}) {
    EXPECT_EQ(StatusOf({.code = code}), ExitStatus::kUnreachable) << base::Name(code);
  }
}

}  // namespace
}  // namespace loadline::cli
