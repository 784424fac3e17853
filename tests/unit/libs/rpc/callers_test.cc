#include "libs/rpc/callers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/rpc/status.h"
#include "tests/unit/libs/rpc/secure_loopback.h"

namespace loadline::rpc {
namespace {

using testing::CertificateAuthority;
using testing::CertificateOf;
using testing::Fails;
using ::testing::HasSubstr;
using testing::kServer;
using testing::Meet;
using testing::Party;

TEST(IsAllowed, AWholeUriIsItself) {
  EXPECT_TRUE(IsAllowed("spiffe://loadline/planner", {"spiffe://loadline/cli", "spiffe://loadline/planner"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/planner2", {"spiffe://loadline/planner"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/plan", {"spiffe://loadline/planner"}));
}

TEST(IsAllowed, AnEntryWithAStarIsAllThatStandsBelow) {
  EXPECT_TRUE(IsAllowed("spiffe://loadline/ns/a/sa/b", {"spiffe://loadline/ns/a/*"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/ns/ab/sa/b", {"spiffe://loadline/ns/a/*"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/ns/a", {"spiffe://loadline/ns/a/*"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/ns/a/", {"spiffe://loadline/ns/a/*"}));
}

TEST(IsAllowed, AStarElsewhereIsJustAStar) {
  EXPECT_FALSE(IsAllowed("spiffe://loadline/planner", {"spiffe://loadline/plan*"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/planner", {"*"}));
}

TEST(IsAllowed, NobodyIsNotAllowed) {
  EXPECT_FALSE(IsAllowed("", {""}));
  EXPECT_FALSE(IsAllowed("", {"/*"}));
  EXPECT_FALSE(IsAllowed("spiffe://loadline/planner", {}));
}

/// A server that lets in `spiffe://loadline/planner` and what is below `spiffe://loadline/people/`.
class CallersTest : public ::testing::Test {
 protected:
  base::Error RefusalOf(const CertificateOf& caller) const {
    const Party client(ca_.Issue(caller), ca_.certificate());
    const auto status = Meet(server_.address(), {.credentials = client->ForChannels()}).status;
    return status.ok() ? base::Error{.reason = "none"} : FromGrpcStatus(status);
  }

  const std::unique_ptr<const Stage> stage_ = AllowCallers({"spiffe://loadline/planner", "spiffe://loadline/people/*"});
  const CertificateAuthority ca_;
  const Party party_{ca_.Issue(kServer), ca_.certificate()};
  const testing::Loopback server_{[this](Call& call) {
                                    return stage_->Handle(call, [](Call& inner) {
                                      inner.context.AddTrailingMetadata("caller", "");
                                      return base::Status();
                                    });
                                  },
                                  {.credentials = party_->ForServer()}};
};

TEST_F(CallersTest, WhoIsNamedIsLetIn) {
  EXPECT_EQ(RefusalOf({.also = {"URI:spiffe://loadline/planner"}}).reason, "none");
  EXPECT_EQ(RefusalOf({.also = {"DNS:laptop", "URI:spiffe://loadline/people/ann"}}).reason, "none");
}

TEST_F(CallersTest, WhoIsNotNamedIsToldWhoHeIs) {
  const auto refusal = RefusalOf({.also = {"URI:spiffe://loadline/stranger"}});
  EXPECT_THAT(refusal, Fails(base::ErrorCode::kPermissionDenied, "CALLER_NOT_ALLOWED"));
  EXPECT_THAT(refusal.message, HasSubstr("spiffe://loadline/stranger may not call this service"));
  EXPECT_EQ(refusal.metadata.at("caller"), "spiffe://loadline/stranger");
}

TEST_F(CallersTest, ACertificateWithoutAUriIsNobody) {
  EXPECT_THAT(RefusalOf({.name = "spiffe://loadline/planner", .also = {"DNS:planner"}}),
              Fails(base::ErrorCode::kPermissionDenied, "CALLER_NOT_ALLOWED"));
}

TEST_F(CallersTest, ACertificateWithSeveralUrisIsNobody) {
  EXPECT_THAT(RefusalOf({.also = {"URI:spiffe://loadline/stranger", "URI:spiffe://loadline/planner"}}),
              Fails(base::ErrorCode::kPermissionDenied, "CALLER_NOT_ALLOWED"));
}

TEST(CallersOnPlaintext, NobodyIsLetIn) {
  const auto stage = AllowCallers({"spiffe://loadline/planner"});
  testing::Loopback server([&](Call& call) { return stage->Handle(call, [](Call&) { return base::Status(); }); });
  EXPECT_EQ(server.Call().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace loadline::rpc
