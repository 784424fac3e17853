#include "libs/base/sha256.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace loadline::base {
namespace {

// The examples of FIPS 180-4.

TEST(Sha256Hex, OfNothing) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Hex, OfOneBlock) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Hex, OfTwoBlocks) {
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Hex, OfAMillionBytes) {
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, CountsZeroBytes) { EXPECT_NE(Sha256(std::string_view("a\0", 2)), Sha256("a")); }

TEST(Sha256, MayBeUsedByThreadsAtOnce) {
  const Sha256Digest expected = Sha256("abc");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong) {
    threads.emplace_back([&count, &expected] {
      for (int i = 0; i < 500; ++i) count += Sha256("abc") == expected ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Hex, IsTwoLowerCaseDigitsForEachByte) {
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff};
  EXPECT_EQ(Hex(bytes, 4), "000fa0ff");
  EXPECT_EQ(Hex(bytes, 0), "");
}

}  // namespace
}  // namespace loadline::base
