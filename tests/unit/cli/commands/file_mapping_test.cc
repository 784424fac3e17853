#include "cli/commands/file_mapping.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

namespace loadline::cli {
namespace {

constexpr std::size_t kSize = 100'000;

class FileMappingTest : public ::testing::Test {
 protected:
  testing::TempDir folder;
  std::filesystem::path path = folder.Write("report.json", std::string(kSize, 'x'));
};

TEST_F(FileMappingTest, ShowsTheFile) {
  const auto mapping = FileMapping::Open(path.string());
  ASSERT_THAT(mapping, testing::IsOk());
  EXPECT_EQ((*mapping)->text(), std::string(kSize, 'x'));
  EXPECT_FALSE((*mapping)->changed());
}

TEST_F(FileMappingTest, AFileThatGetsShorterReadsAsZerosAndIsKnownToHaveChanged) {
  const auto mapping = FileMapping::Open(path.string());
  ASSERT_THAT(mapping, testing::IsOk());
  std::filesystem::resize_file(path, 1);
  EXPECT_EQ((*mapping)->text().back(), '\0');
  EXPECT_TRUE((*mapping)->changed());
}

TEST_F(FileMappingTest, AFileThatIsReplacedIsStillTheOldOne) {
  const auto mapping = FileMapping::Open(path.string());
  ASSERT_THAT(mapping, testing::IsOk());
  std::filesystem::rename(folder.Write("new.json", "{}"), path);
  EXPECT_EQ((*mapping)->text().size(), kSize);
  EXPECT_FALSE((*mapping)->changed());
}

TEST_F(FileMappingTest, SaysWhyAFileCannotBeOpened) {
  const auto mapping = FileMapping::Open((path / "none").string());
  EXPECT_THAT(mapping, testing::Fails(base::ErrorCode::kInvalidArgument, "CANNOT_READ"));
  EXPECT_THAT(mapping.error().message, ::testing::HasSubstr("Not a directory"));
}

}  // namespace
}  // namespace loadline::cli
