#include "libs/rpc/reset_alarm.h"

#include <gtest/gtest.h>

#include <atomic>

#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using testing::OneHandler;
namespace pb = testing::pb;

/// A server whose alarm is counted.
class Alarmed {
 public:
  Alarmed(int most, Stage::Next body) : handler_(std::move(body)) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
    creators.push_back(ResetAlarm(most, [this] { ++alarms_; }));
    grpc::ServerBuilder builder;
    builder.experimental().SetInterceptorCreators(std::move(creators));
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&handler_);
    server_ = builder.BuildAndStart();
    stub_ = pb::BenchmarkService::NewStub(MakeChannel("127.0.0.1:" + std::to_string(port)));
  }
  ~Alarmed() { Stop(); }

  grpc::StatusCode Call(std::chrono::milliseconds timeout) {
    grpc::ClientContext context;
    SetDeadline(context, timeout);
    pb::GetBenchmarkResponse response;
    return stub_->GetBenchmark(&context, {}, &response).error_code();
  }
  /// When it returns, all calls have ended.
  void Stop() { server_->Shutdown(); }
  int alarms() const { return alarms_; }

 private:
  std::atomic<int> alarms_ = 0;
  OneHandler handler_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<pb::BenchmarkService::Stub> stub_;
};

base::Status UntilCancelled(Call& call) {
  EXPECT_TRUE(testing::WaitFor([&] { return call.Cancelled(); }));
  return {};
}

TEST(ResetAlarm, SoundsWhenEnoughCallsAreCancelledWithinASecond) {
  Alarmed server(3, UntilCancelled);
  EXPECT_TRUE(testing::WaitFor([&] {
    EXPECT_EQ(server.Call(std::chrono::milliseconds(10)), grpc::StatusCode::DEADLINE_EXCEEDED);
    return server.alarms() > 0;
  }));
}

TEST(ResetAlarm, CallsThatAreAnsweredDoNotCount) {
  Alarmed server(1, [](Call&) { return base::Status(); });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(server.Call(std::chrono::seconds(20)), grpc::StatusCode::OK);
  server.Stop();
  EXPECT_EQ(server.alarms(), 0);
}

}  // namespace
}  // namespace loadline::rpc
