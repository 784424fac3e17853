#include "libs/rpc/connection_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace loadline::rpc {
namespace {

using Verdict = ConnectionTable::Verdict;

AddressKey Customer(std::uint8_t number) {
  AddressKey key = {};
  key[0] = number;
  return key;
}

// All are there, but `ended`.
auto AllBut(const std::set<int>& ended) {
  return [ended](int fd) -> std::optional<std::uint64_t> {
    if (ended.contains(fd)) return std::nullopt;
    return static_cast<std::uint64_t>(fd) + 1000;
  };
}

Verdict Admit(ConnectionTable& table, int fd, std::uint8_t customer) {
  return table.Admit(fd, static_cast<std::uint64_t>(fd) + 1000, Customer(customer));
}

TEST(ConnectionTable, AdmitsUpToTheCapInAll) {
  ConnectionTable table({.total = 2, .per_address = 2});
  EXPECT_EQ(Admit(table, 10, 1), Verdict::kAdmitted);
  EXPECT_EQ(Admit(table, 11, 2), Verdict::kAdmitted);
  EXPECT_EQ(Admit(table, 12, 3), Verdict::kTooMany);
  EXPECT_EQ(table.live(), 2);
}

TEST(ConnectionTable, OneAddressLeavesRoomForOthers) {
  ConnectionTable table({.total = 10, .per_address = 2});
  EXPECT_EQ(Admit(table, 10, 1), Verdict::kAdmitted);
  EXPECT_EQ(Admit(table, 11, 1), Verdict::kAdmitted);
  EXPECT_EQ(Admit(table, 12, 1), Verdict::kTooManyOfAddress);
  EXPECT_EQ(Admit(table, 12, 2), Verdict::kAdmitted);
}

TEST(ConnectionTable, ThoseThatEndedMakeRoomWhenSwept) {
  ConnectionTable table({.total = 2, .per_address = 1});
  Admit(table, 10, 1);
  Admit(table, 11, 2);
  table.Sweep(AllBut({10}));
  EXPECT_EQ(table.live(), 1);
  EXPECT_EQ(Admit(table, 12, 2), Verdict::kTooManyOfAddress);
  EXPECT_EQ(Admit(table, 12, 1), Verdict::kAdmitted);
}

// So many bytes each, by descriptor.
ConnectionTable::ReceivedBy Bytes(const std::map<int, std::uint64_t>& received) {
  return [received](int fd) { return received.at(fd); };
}

TEST(ConnectionTable, TheLoudestHasReceivedMostSinceItWasNoted) {
  ConnectionTable table({.total = 3, .per_address = 3});
  for (const int fd : {10, 11, 12}) Admit(table, fd, 1);
  table.NoteReceived(Bytes({{10, 900}, {11, 0}, {12, 5}}));
  const auto now = Bytes({{10, 1000}, {11, 200}, {12, 105}});
  const auto loudest = table.Loudest(now, 100);
  ASSERT_TRUE(loudest);
  EXPECT_EQ(loudest->fd, 11);
  EXPECT_EQ(loudest->identity, 1011U);
  EXPECT_FALSE(table.Loudest(now, 201));
}

TEST(ConnectionTable, ANumberThatIsAnotherConnectionsByNowIsNotLoud) {
  ConnectionTable table({.total = 1, .per_address = 1});
  Admit(table, 10, 1);
  table.NoteReceived(Bytes({{10, 900}}));
  EXPECT_FALSE(table.Loudest(Bytes({{10, 800}}), 0));
}

TEST(ConnectionTable, AForgottenOneLeavesItsPlace) {
  ConnectionTable table({.total = 1, .per_address = 1});
  Admit(table, 10, 1);
  table.Forget(10);
  table.Forget(10);
  EXPECT_EQ(table.live(), 0);
  EXPECT_EQ(Admit(table, 11, 1), Verdict::kAdmitted);
}

TEST(ConnectionTable, AnotherSocketUnderTheSameNumberIsNotTheOldOne) {
  ConnectionTable table({.total = 2, .per_address = 2});
  Admit(table, 10, 1);
  table.Sweep([](int) { return std::uint64_t{77}; });
  EXPECT_EQ(table.live(), 0);
}

TEST(ConnectionTable, ANumberThatComesAgainReplacesTheOneThatHadIt) {
  ConnectionTable table({.total = 1, .per_address = 1});
  EXPECT_EQ(table.Admit(10, 1, Customer(1)), Verdict::kAdmitted);
  EXPECT_EQ(table.Admit(10, 2, Customer(1)), Verdict::kAdmitted);
  EXPECT_EQ(table.live(), 1);
}

// Against a model that keeps nothing but the list of who is there.
RC_GTEST_PROP(ConnectionTableProperty, CountsAsAListDoes, ()) {
  const ConnectionCaps caps = {.total = *rc::gen::inRange(1, 8), .per_address = *rc::gen::inRange(1, 5)};
  ConnectionTable table(caps);
  std::map<int, std::uint8_t> model;
  const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 10), rc::gen::inRange(0, 4)));
  for (const auto& [fd, customer] : steps) {
    if (customer == 0) {  // fd has ended
      model.erase(fd);
      table.Sweep([&](int each) { return model.contains(each) ? std::optional(std::uint64_t{1}) : std::nullopt; });
    } else {
      model.erase(fd);
      const auto key = static_cast<std::uint8_t>(customer);
      const auto of_this = std::count_if(model.begin(), model.end(), [&](const auto& e) { return e.second == key; });
      const bool fits = static_cast<int>(model.size()) < caps.total && of_this < caps.per_address;
      if (fits) model[fd] = key;
      RC_ASSERT((table.Admit(fd, 1, Customer(key)) == Verdict::kAdmitted) == fits);
    }
    RC_ASSERT(table.live() == static_cast<int>(model.size()));
  }
}

}  // namespace
}  // namespace loadline::rpc
