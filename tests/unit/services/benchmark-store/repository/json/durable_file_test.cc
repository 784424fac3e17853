#include "services/benchmark-store/repository/json/durable_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

namespace loadline::store::json {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::ReadFile;
using loadline::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DurableFile, ReplacesTheWholeFile) {
  const TempDir folder;
  const auto path = folder.Write("data", "a much longer old content");
  {
    DurableFile file(path);
    file.Write("new ");
    file.Write("content");
    EXPECT_EQ(ReadFile(path), "a much longer old content") << "nothing changes before Replace";
    EXPECT_THAT(file.Replace(), IsOk());
  }
  EXPECT_EQ(ReadFile(path), "new content");
  EXPECT_FALSE(exists(DurableFile::TemporaryPath(path)));
}

TEST(DurableFile, MakesAFileThatWasNotThere) {
  const TempDir folder;
  DurableFile file(folder / "data");
  file.Write("content");
  EXPECT_THAT(file.Replace(), IsOk());
  EXPECT_EQ(ReadFile(folder / "data"), "content");
}

TEST(DurableFile, WritesMoreThanItsBuffer) {
  const TempDir folder;
  const std::string part(700'000, 'x');
  DurableFile file(folder / "data");
  for (int i = 0; i < 5; ++i) file.Write(part);
  EXPECT_THAT(file.Replace(), IsOk());
  EXPECT_EQ(file_size(folder / "data"), 5 * part.size());
}

TEST(DurableFile, LeavesNoTraceWithoutReplace) {
  const TempDir folder;
  const auto path = folder.Write("data", "old");
  { DurableFile(path).Write(std::string(3 << 20, 'x')); }
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_FALSE(exists(DurableFile::TemporaryPath(path)));
}

TEST(DurableFile, FailsWhereItCannotWriteAndKeepsThePathToTheLog) {
  const TempDir folder;
  DurableFile file(folder / "no-such-folder/data");
  file.Write("content");
  const auto status = file.Replace();
  EXPECT_THAT(status, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_THAT(status.error().detail, HasSubstr("no-such-folder"));
  EXPECT_THAT(status.error().message, Not(HasSubstr("no-such-folder")));
}

// What a crash between writing and renaming leaves is what a failing rename
// leaves, but for the temporary file.
TEST(DurableFile, KeepsTheOldContentIfTheRenameFails) {
  const TempDir folder;
  std::filesystem::create_directory(folder / "data");
  folder.Write("data/old", "old");
  {
    DurableFile file(folder / "data");
    file.Write("new");
    EXPECT_THAT(file.Replace(), Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  }
  EXPECT_EQ(ReadFile(folder / "data/old"), "old");
  EXPECT_FALSE(exists(DurableFile::TemporaryPath(folder / "data")));
}

TEST(DurableFile, FailsWhenTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  const TempDir folder;
  const auto path = folder.Write("data", "old");
  std::filesystem::create_symlink("/dev/full", DurableFile::TemporaryPath(path));
  {
    DurableFile file(path);
    file.Write(std::string(2 << 20, 'x'));
    const auto status = file.Replace();
    EXPECT_THAT(status, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
    EXPECT_THAT(status.error().detail, HasSubstr("No space left"));
  }
  EXPECT_EQ(ReadFile(path), "old");
}

}  // namespace
}  // namespace loadline::store::json
