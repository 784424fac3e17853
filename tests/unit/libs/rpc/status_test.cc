#include "libs/rpc/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "libs/testing/matchers.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using ::testing::EndsWith;
using testing::Fails;
using ::testing::HasSubstr;
using testing::Loopback;
using ::testing::Not;

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

base::Error BackFrom(const base::Error& error) { return FromGrpcStatus(ToGrpcStatus(error)); }

TEST(Status, CodeAndMessageCross) {
  const auto status = ToGrpcStatus(base::NotFound("UNKNOWN_MODEL", "No model `x`.", {"model", "x"}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "No model `x`.");
}

TEST(Status, EveryErrorHasAnErrorInfoOfOurDomain) {
  const auto details = DetailsOf(ToGrpcStatus(base::Internal("secret")));
  google::rpc::ErrorInfo info;
  ASSERT_EQ(details.details_size(), 1);
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INTERNAL");
  EXPECT_EQ(info.domain(), kErrorDomain);
}

TEST(Status, EveryDetailSurvives) {
  const base::Error error{.code = ErrorCode::kUnavailable,
                          .reason = "STORE_UNREACHABLE",
                          .message = "Down for 3 s.",
                          .metadata = {{"seconds", "3"}},
                          .violations = {{"a", "is bad."}, {"b.c", "is worse."}},
                          .resource = base::Resource{"store", "main"},
                          .retry_after = std::chrono::milliseconds(2500)};
  EXPECT_EQ(BackFrom(error), error);
}

TEST(Status, TheDetailForTheLogDoesNotCross) {
  const auto status = ToGrpcStatus(base::Internal("password=hunter2"));
  EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr("hunter2")));
}

TEST(Status, AFailedPreconditionSaysWhatToDo) {
  const auto details =
      DetailsOf(ToGrpcStatus(base::FailedPrecondition("DATA_NOT_WRITABLE", "Make the data file writable.")));
  google::rpc::PreconditionFailure failure;
  ASSERT_EQ(details.details_size(), 2);
  ASSERT_TRUE(details.details(1).UnpackTo(&failure));
  EXPECT_EQ(failure.violations(0).type(), "DATA_NOT_WRITABLE");
  EXPECT_EQ(failure.violations(0).description(), "Make the data file writable.");
}

TEST(Status, ALongMessageIsCutBetweenCharacters) {
  std::string message = "x";
  for (int i = 0; i < 4000; ++i) message += "\u00e9";
  const auto cut = BackFrom(base::Unavailable("R", message, {})).message;
  EXPECT_LT(cut.size(), 2000u);
  EXPECT_THAT(cut, EndsWith("\u00e9..."));
}

TEST(Status, AMessageThatFitsIsNotCut) {
  const std::string message(1500, 'x');
  EXPECT_EQ(BackFrom(base::Unavailable("R", message, {})).message, message);
}

TEST(Status, TooManyViolationsAreCounted) {
  std::vector<base::FieldViolation> violations(200, {"shape.input_tokens", "must be greater than 0."});
  const auto back = BackFrom(base::InvalidArgument(std::move(violations)));
  ASSERT_LT(back.violations.size(), 200u);
  const auto left = 200 - (back.violations.size() - 1);
  EXPECT_EQ(back.violations.back().description, std::to_string(left) + " more fields are wrong.");
}

TEST(Status, AStatusOfGrpcItselfIsTransport) {
  const auto error = FromGrpcStatus({grpc::StatusCode::UNAVAILABLE, "Socket closed"});
  EXPECT_THAT(error, Fails(ErrorCode::kUnavailable, "TRANSPORT"));
  EXPECT_EQ(error.message, "Socket closed");
}

TEST(Status, ACodeThatWeNeverSendIsInternal) {
  EXPECT_THAT(FromGrpcStatus({grpc::StatusCode::DATA_LOSS, ""}), Fails(ErrorCode::kInternal, "TRANSPORT"));
}

TEST(Status, DetailsThatAreNoDetailsAreIgnored) {
  const grpc::Status status(grpc::StatusCode::NOT_FOUND, "gone", "\xff\xff\xff");
  EXPECT_THAT(FromGrpcStatus(status), Fails(ErrorCode::kNotFound, "TRANSPORT"));
}

TEST(Status, DetailsSurviveARealCall) {
  const auto error = base::InvalidArgument({{"slo", "is empty."}, {"shape", "is required."}});
  Loopback loopback([&](Call&) { return base::Fail(error); });
  EXPECT_EQ(FromGrpcStatus(loopback.Call()), error);
}

// A client drops errors of more than 8 KiB.
TEST(Status, TheLargestErrorSurvivesARealCall) {
  std::vector<base::FieldViolation> violations(50, {std::string(1000, 'f'), std::string(5000, '%')});
  auto error = base::InvalidArgument(std::move(violations));
  error.metadata = {{"a", std::string(5000, '%')}, {"b", std::string(5000, 'b')}, {"c", std::string(5000, 'c')}};
  error.resource = base::Resource{"model", std::string(5000, 'm')};
  error.retry_after = std::chrono::seconds(1);
  Loopback loopback([&](Call&) { return base::Fail(error); });
  EXPECT_THAT(FromGrpcStatus(loopback.Call()), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
}

}  // namespace
}  // namespace loadline::rpc
