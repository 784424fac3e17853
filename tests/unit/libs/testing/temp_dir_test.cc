#include "libs/testing/temp_dir.h"

#include <gtest/gtest.h>

namespace loadline::testing {
namespace {

TEST(TempDir, TwoAreDifferent) { EXPECT_NE(TempDir().path(), TempDir().path()); }

TEST(TempDir, KeepsWhatIsWritten) {
  const TempDir folder;
  const auto file = folder.Write("a/b.txt", "content\n");
  EXPECT_EQ(file, folder / "a/b.txt");
  EXPECT_EQ(ReadFile(file), "content\n");
}

TEST(TempDir, GoesWithAllThatIsInIt) {
  std::filesystem::path path;
  {
    const TempDir folder;
    path = folder.path();
    folder.Write("a/b.txt", "content");
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempDir, ReadingAFileThatIsNotThereThrows) {
  const TempDir folder;
  EXPECT_THROW(ReadFile(folder / "none"), std::system_error);
}

}  // namespace
}  // namespace loadline::testing
