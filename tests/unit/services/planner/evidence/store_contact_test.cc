#include "services/planner/evidence/store_contact.h"

#include <gtest/gtest.h>

#include "libs/testing/fake_clock.h"

namespace loadline::planner {
namespace {

using std::chrono::milliseconds;

class StoreContactTest : public ::testing::Test {
 protected:
  loadline::testing::FakeClock clock;
  StoreContact contact{clock};
};

TEST_F(StoreContactTest, IsStaleUntilTheStoreWasHeard) {
  EXPECT_TRUE(contact.Now().stale);
  contact.Heard();
  EXPECT_FALSE(contact.Now().stale);
  EXPECT_EQ(contact.Now().age, milliseconds(0));
}

TEST_F(StoreContactTest, HasNoAgeWhileTheStoreIsThere) {
  contact.Heard();
  clock.Advance(milliseconds(800));
  EXPECT_EQ(contact.Now().age, milliseconds(0));
}

TEST_F(StoreContactTest, CountsFromTheLastMessageOnceItIsLost) {
  contact.Heard();
  clock.Advance(milliseconds(1000));
  contact.Heard();
  clock.Advance(milliseconds(300));
  contact.Lost();
  EXPECT_TRUE(contact.Now().stale);
  EXPECT_EQ(contact.Now().age, milliseconds(300));
}

TEST_F(StoreContactTest, IsStaleWhileReadingFailsAlthoughTheStoreIsHeard) {
  contact.Heard();
  contact.ReadWorked(false);
  clock.Advance(milliseconds(1000));
  contact.Heard();
  EXPECT_TRUE(contact.Now().stale);
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
