#include "libs/testing/crash_cleanup.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "libs/testing/temp_dir.h"
#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

TEST(CrashCleanup, RunsTheCommandWhenTheProcessIsGone) {
  const TempDir folder;
  const auto trace = folder / "trace";
  const auto child = ::fork();
  if (child == 0) {
    const CrashCleanup cleanup("touch " + trace.string());
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(WaitFor([&] { return std::filesystem::exists(trace); }));
}

TEST(CrashCleanup, DoesNotRunItOtherwise) {
  const TempDir folder;
  const auto trace = folder / "trace";
  { const CrashCleanup cleanup("touch " + trace.string()); }
  EXPECT_FALSE(std::filesystem::exists(trace));
}

}  // namespace
}  // namespace loadline::testing
