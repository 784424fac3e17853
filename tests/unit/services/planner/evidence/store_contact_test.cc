#include "services/planner/evidence/store_contact.h"

#include <gtest/gtest.h>

#include "libs/testing/fake_clock.h"

namespace loadline::planner {
namespace {

using std::chrono::milliseconds;

class StoreContactTest : public ::testing::Test {
 protected:
  void ConnectAndCatchUp() {
    contact.Heard();
    contact.CaughtUp();
  }

  loadline::testing::FakeClock clock;
  StoreContact contact{clock};
};

TEST_F(StoreContactTest, IsStaleUntilWhatTheStoreSaidWasRead) {
  EXPECT_TRUE(contact.Now().stale);
  contact.Heard();
  EXPECT_TRUE(contact.Now().stale);
  contact.CaughtUp();
  EXPECT_FALSE(contact.Now().stale);
  EXPECT_EQ(contact.Now().age, milliseconds(0));
}

TEST_F(StoreContactTest, HasNoAgeWhileTheStoreIsThere) {
  ConnectAndCatchUp();
  clock.Advance(milliseconds(800));
  EXPECT_EQ(contact.Now().age, milliseconds(0));
}

TEST_F(StoreContactTest, CountsFromTheLastMessageOnceItIsLost) {
  ConnectAndCatchUp();
  clock.Advance(milliseconds(1000));
  contact.Heard();
  clock.Advance(milliseconds(300));
  contact.Lost();
  EXPECT_TRUE(contact.Now().stale);
  EXPECT_TRUE(contact.Now().away);
  EXPECT_EQ(contact.Now().age, milliseconds(300));
}

TEST_F(StoreContactTest, StaysStaleAfterAnOutageUntilWhatWasMissedIsRead) {
  ConnectAndCatchUp();
  contact.Lost();
  clock.Advance(milliseconds(1000));
  contact.Heard();
  EXPECT_TRUE(contact.Now().stale);
  EXPECT_FALSE(contact.Now().away) << "it can be read";
  clock.Advance(milliseconds(500));
  contact.ReadWorked(true);
  EXPECT_EQ(contact.Now().age, milliseconds(1500));
  contact.CaughtUp();
  EXPECT_FALSE(contact.Now().stale);
}

TEST_F(StoreContactTest, WhatIsReadWhileItIsLostDoesNotCount) {
  ConnectAndCatchUp();
  contact.Lost();
  contact.CaughtUp();
  contact.Heard();
  EXPECT_TRUE(contact.Now().stale);
}

TEST_F(StoreContactTest, IsStaleWhileReadingFailsAlthoughTheStoreIsHeard) {
  ConnectAndCatchUp();
  contact.ReadWorked(false);
  clock.Advance(milliseconds(1000));
  contact.Heard();
  EXPECT_TRUE(contact.Now().stale);
  EXPECT_TRUE(contact.Now().away);
  EXPECT_EQ(contact.Now().age, milliseconds(1000));
  contact.ReadWorked(true);
  EXPECT_FALSE(contact.Now().stale);
}

TEST_F(StoreContactTest, TellsChangesApartFromRepeats) {
  EXPECT_TRUE(contact.Lost()) << "never reached";
  EXPECT_FALSE(contact.Lost());
  EXPECT_TRUE(contact.Heard());
  EXPECT_FALSE(contact.Heard());
  EXPECT_TRUE(contact.Lost());
  EXPECT_FALSE(contact.Lost());
}

}  // namespace
}  // namespace loadline::planner
