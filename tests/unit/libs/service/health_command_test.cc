#include "libs/service/health_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "libs/rpc/server.h"

namespace loadline::service {
namespace {

using ::testing::HasSubstr;

constexpr char kService[] = "test.v1.Service";

/// A server on a free port, with one service that is not serving yet.
class HealthCommandTest : public ::testing::Test {
 protected:
  HealthCommandTest() { settings_.listen_address = "127.0.0.1:" + std::to_string(server_->port()); }

  int Run(const std::vector<std::string>& arguments = {}) {
    out_.str("");
    return RunHealth(settings_, arguments, out_);
  }

  std::unique_ptr<rpc::Server> server_ = rpc::Server::Start({.service_names = {kService}}, {}).value();
  Settings settings_;
  std::ostringstream out_;
};

TEST_F(HealthCommandTest, FailsUntilTheServerServes) {
  EXPECT_EQ(Run(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("is NOT_SERVING."));
  server_->SetServing({kService}, true);
  EXPECT_EQ(Run(), 0);
  EXPECT_THAT(out_.str(), HasSubstr("is SERVING."));
}

TEST_F(HealthCommandTest, AsksForOneServiceByName) {
  EXPECT_EQ(Run({kService}), 1);
  server_->SetServing({kService}, true);
  EXPECT_EQ(Run({kService}), 0);
  EXPECT_EQ(Run({"test.v1.Other"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("knows no service `test.v1.Other`"));
}

TEST_F(HealthCommandTest, PrefersTheAdminPort) {
  server_->SetServing({kService}, true);
  settings_.admin_address = settings_.listen_address;
  settings_.listen_address = "127.0.0.1:1";
  settings_.tls.cert_file = "tls.crt";
  EXPECT_EQ(Run(), 0);
}

TEST_F(HealthCommandTest, FailsWhereNothingAnswers) {
  server_->Stop(std::chrono::milliseconds(0));
  EXPECT_EQ(Run(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("does not answer"));
}

TEST_F(HealthCommandTest, RefusesToAskThroughTls) {
  settings_.tls.cert_file = "tls.crt";
  EXPECT_EQ(Run(), 2);
  EXPECT_THAT(out_.str(), HasSubstr("ADMIN_ADDRESS"));
}

TEST_F(HealthCommandTest, RefusesTwoServices) { EXPECT_EQ(Run({"a", "b"}), 2); }

TEST(DialAddressTest, OfEveryAddressIsThisMachine) {
  EXPECT_EQ(DialAddress("0.0.0.0:50051"), "127.0.0.1:50051");
  EXPECT_EQ(DialAddress("[::]:50051"), "127.0.0.1:50051");
  EXPECT_EQ(DialAddress("127.0.0.2:80"), "127.0.0.2:80");
  EXPECT_EQ(DialAddress("[::1]:80"), "[::1]:80");
  EXPECT_EQ(DialAddress("localhost:80,10.0.0.1:90"), "localhost:80");
  EXPECT_EQ(DialAddress(" 0.0.0.0:50051 ,10.0.0.1:90"), "127.0.0.1:50051");
}

}  // namespace
}  // namespace loadline::service
