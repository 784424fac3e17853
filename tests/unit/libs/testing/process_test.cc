#include "libs/testing/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <system_error>

#include "libs/testing/temp_dir.h"
#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

using ::testing::HasSubstr;

ProcessOptions Shell(const std::string& script) { return {.binary = "/bin/sh", .arguments = {"-c", script}}; }

TEST(Process, KeepsBothStreamsAndTheExitCode) {
  Process process(Shell("echo out; echo err >&2; exit 7"));
  EXPECT_EQ(process.Wait(), 7);
  EXPECT_EQ(process.Output(), "out\n");
  EXPECT_EQ(process.ErrorOutput(), "err\n");
}

TEST(Process, ASignalCountsFrom128) {
  Process process(Shell("kill -TERM $$"));
  EXPECT_EQ(process.Wait(), 128 + SIGTERM);
}

TEST(Process, GetsSignals) {
  Process process(Shell(R"(trap 'kill $!; exit 3' TERM; tail -f /dev/null & echo '{"event":"ready"}' >&2; wait)"));
  ASSERT_TRUE(process.WaitForEvent("ready").has_value());
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 3);
}

TEST(Process, GetsTheEnvironmentItIsGivenAndNotOurs) {
  ::setenv("LOADLINE_TEST_LEAK", "leaked", 1);
  auto options = Shell("echo \"$COLOUR $LOADLINE_TEST_LEAK\"");
  options.environment = {{"COLOUR", "red"}};
  Process process(options);
  EXPECT_EQ(process.Wait(), 0);
  EXPECT_EQ(process.Output(), "red \n");
}

TEST(Process, RunsInTheFolderItIsGiven) {
  const TempDir folder;
  auto options = Shell("pwd -P");
  options.folder = folder.path();
  Process process(options);
  EXPECT_EQ(process.Wait(), 0);
  EXPECT_EQ(process.Output(), std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(Process, MuchOutputDoesNotBlockIt) {
  Process process(Shell("head -c 1000000 /dev/zero"));
  EXPECT_EQ(process.Wait(), 0);
  EXPECT_EQ(process.Output().size(), 1'000'000u);
}

TEST(Process, FindsThePortAmongOtherLines) {
  Process process(
      Shell(R"(echo 'not json' >&2; echo '{"event":"listening","port":"4711"}' >&2; exec tail -f /dev/null)"));
  EXPECT_EQ(process.Port(), 4711);
}

TEST(Process, ListsEventsInOrder) {
  Process process(Shell(R"(for i in 1 2; do echo "{\"event\":\"tick\",\"n\":$i}" >&2; done)"));
  EXPECT_EQ(process.Wait(), 0);
  const auto events = process.Events("tick");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at("n"), 1);
  EXPECT_EQ(events[1].at("n"), 2);
}

TEST(Process, AProgramThatEndsWithoutListeningSaysWhy) {
  Process process(Shell("echo 'the disk is full' >&2; exit 1"));
  try {
    process.Port();
    FAIL() << "There is no port.";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the disk is full"));
  }
}

TEST(Process, WaitGivesUp) {
  Process process(Shell("exec tail -f /dev/null"));
  EXPECT_EQ(process.Wait(std::chrono::milliseconds(5)), std::nullopt);
}

TEST(Process, AMissingProgramThrows) { EXPECT_THROW(Process({.binary = "/no/such/program"}), std::system_error); }

TEST(Process, IsKilledAtTheEnd) {
  pid_t id = 0;
  {
    const Process process(Shell("exec tail -f /dev/null"));
    id = process.id();
    ASSERT_EQ(::kill(id, 0), 0);
  }
  EXPECT_NE(::kill(id, 0), 0);
}

}  // namespace
}  // namespace loadline::testing
