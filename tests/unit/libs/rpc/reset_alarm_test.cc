#include "libs/rpc/reset_alarm.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using testing::OneHandler;
namespace pb = testing::pb;

/// A server whose alarm is counted.
class Alarmed {
 public:
  Alarmed(int most, Stage::Next body)
      : handler_([this, body = std::move(body)](rpc::Call& call) {
          ++begun_;
          return body(call);
        }) {
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
    return Call(context, timeout);
  }
  /// Begins a call, and takes it back once its handler runs.
  grpc::StatusCode TakeBack() {
    grpc::ClientContext context;
    const int before = begun_;
    std::thread taker([&] {
      EXPECT_TRUE(testing::WaitFor([&] { return begun_ > before; }));
      context.TryCancel();
    });
    const auto code = Call(context, std::chrono::seconds(20));
    taker.join();
    return code;
  }
  /// When it returns, all calls have ended.
  void Stop() { server_->Shutdown(); }
  int alarms() const { return alarms_; }

 private:
  grpc::StatusCode Call(grpc::ClientContext& context, std::chrono::milliseconds timeout) {
    SetDeadline(context, timeout);
    pb::GetBenchmarkResponse response;
    return stub_->GetBenchmark(&context, {}, &response).error_code();
  }

  std::atomic<int> begun_ = 0;
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
    EXPECT_EQ(server.TakeBack(), grpc::StatusCode::CANCELLED);
    return server.alarms() > 0;
  }));
}

TEST(ResetAlarm, CallsWhoseTimeIsUpDoNotCount) {
  Alarmed server(1, UntilCancelled);
  EXPECT_EQ(server.Call(std::chrono::milliseconds(10)), grpc::StatusCode::DEADLINE_EXCEEDED);
  server.Stop();
  EXPECT_EQ(server.alarms(), 0);
}

TEST(ResetAlarm, CallsThatAreAnsweredDoNotCount) {
  Alarmed server(1, [](Call&) { return base::Status(); });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(server.Call(std::chrono::seconds(20)), grpc::StatusCode::OK);
  server.Stop();
  EXPECT_EQ(server.alarms(), 0);
}

}  // namespace
}  // namespace loadline::rpc
