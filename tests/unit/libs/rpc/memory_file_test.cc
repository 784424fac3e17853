#include "libs/rpc/memory_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "libs/testing/temp_dir.h"

namespace loadline::rpc {
namespace {

time_t ModifiedAt(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mtime;
}

TEST(MemoryFile, IsReadByItsPath) {
  const MemoryFile file("content");
  EXPECT_EQ(testing::ReadFile(file.path()), "content");
}

TEST(MemoryFile, MayBeEmpty) {
  const MemoryFile file("");
  EXPECT_EQ(testing::ReadFile(file.path()), "");
}

TEST(MemoryFile, ReplacedContentHasTheSamePathAndALaterSecond) {
  MemoryFile file("a much longer content than the next");
  const auto path = file.path();
  const auto before = ModifiedAt(path);
  file.Replace("second");
  EXPECT_EQ(file.path(), path);
  EXPECT_EQ(testing::ReadFile(path), "second");
  EXPECT_GT(ModifiedAt(path), before);
}

TEST(MemoryFile, WhoHasOpenedItReadsTheOldContentToItsEnd) {
  MemoryFile file("old");
  std::ifstream stream(file.path());
  file.Replace("new");
  std::string text;
  stream >> text;
  EXPECT_EQ(text, "old");
}

TEST(MemoryFile, ReadersNeverSeeAMixture) {
  const std::string a(10'000, 'a');
  const std::string b(10'000, 'b');
  MemoryFile file(a);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) file.Replace(i % 2 == 0 ? b : a);
  });
  for (int i = 0; i < 100; ++i) {
    const auto text = testing::ReadFile(file.path());
    EXPECT_TRUE(text == a || text == b) << text.size() << " bytes";
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace loadline::rpc
