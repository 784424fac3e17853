#include "libs/telemetry/span_exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "libs/telemetry/http_post.h"
#include "libs/telemetry/otlp_json.h"
#include "libs/testing/http_receiver.h"
#include "libs/testing/port.h"
#include "libs/testing/wait.h"

namespace loadline::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HttpReceiver;
using testing::WaitFor;

rpc::Span NewSpan() {
  return {.context = {.trace_id = rpc::NewTraceId(), .span_id = rpc::NewSpanId()}, .name = "work"};
}

SpanExporter::Receiver Over(const std::shared_ptr<HttpPost>& post) {
  return {.send = [post](const auto& spans) { return post->Send(OtlpJson({}, spans)); },
          .abort = [post] { post->Abort(); }};
}

std::shared_ptr<HttpPost> PostTo(const std::string& url, milliseconds timeout = seconds(60)) {
  return std::make_shared<HttpPost>(HttpPostOptions{.url = TracesUrl(url), .timeout = timeout});
}

// How long it takes to record `count` spans.
milliseconds TimeToRecord(SpanExporter& exporter, int count) {
  const auto start = steady_clock::now();
  for (int i = 0; i < count; ++i) exporter.Record(NewSpan());
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

TEST(SpanExporterTest, SpansAreSentInBatches) {
  std::atomic<int> largest = 0;
  std::atomic<int> sent = 0;
  {
    SpanExporter exporter({.send = [&](const auto& spans) -> base::Status {
                            largest = std::max<int>(largest, static_cast<int>(spans.size()));
                            sent += static_cast<int>(spans.size());
                            return {};
                          }},
                          {.batch = 10, .interval = milliseconds(1)});
    TimeToRecord(exporter, 35);
    EXPECT_TRUE(WaitFor([&] { return exporter.counts().exported == 35; }));
  }
  EXPECT_EQ(sent, 35);
  EXPECT_LE(largest, 10);
}

TEST(SpanExporterTest, TheLastOnesAreSentAtTheEnd) {
  std::atomic<int> sent = 0;
  {
    SpanExporter exporter({.send = [&](const auto& spans) -> base::Status {
                            sent += static_cast<int>(spans.size());
                            return {};
                          }},
                          {.interval = std::chrono::hours(1)});
    TimeToRecord(exporter, 3);
  }
  EXPECT_EQ(sent, 3);
}

TEST(SpanExporterTest, WhatDoesNotFitIsDroppedAndCounted) {
  std::promise<void> open;
  const auto gate = open.get_future().share();
  SpanExporter exporter({.send = [gate](const auto&) -> base::Status {
                          gate.wait();
                          return {};
                        }},
                        {.max_waiting = 8, .batch = 4, .interval = milliseconds(1)});
  TimeToRecord(exporter, 100);
  EXPECT_GE(exporter.counts().dropped, 100 - 8 - 4);
  open.set_value();
  EXPECT_TRUE(WaitFor([&] { return exporter.counts().exported + exporter.counts().dropped == 100; }));
}

TEST(SpanExporterTest, WhatTheReceiverRefusesIsCountedAsDropped) {
  const HttpReceiver receiver("503 Service Unavailable");
  SpanExporter exporter(Over(PostTo(receiver.url())), {.interval = milliseconds(1)});
  TimeToRecord(exporter, 2);
  EXPECT_TRUE(WaitFor([&] { return exporter.counts().dropped == 2; }));
  EXPECT_EQ(exporter.counts().exported, 0);
}

TEST(SpanExporterTest, AReceiverThatIsAwayDelaysNobody) {
  SpanExporter exporter(Over(PostTo("http://127.0.0.1:" + std::to_string(testing::FreePort()))),
                        {.interval = milliseconds(1)});
  EXPECT_LT(TimeToRecord(exporter, 1000), seconds(1));
  EXPECT_TRUE(WaitFor([&] { return exporter.counts().dropped == 1000; }));
}

TEST(SpanExporterTest, AReceiverThatNeverAnswersDelaysNobodyAndTheEndOnlyALittle) {
  const HttpReceiver receiver("");
  steady_clock::time_point end_began;
  {
    SpanExporter exporter(Over(PostTo(receiver.url())), {.interval = milliseconds(1), .flush = milliseconds(100)});
    EXPECT_LT(TimeToRecord(exporter, 1000), seconds(1));
    EXPECT_TRUE(WaitFor([&] { return !receiver.requests().empty(); }));
    end_began = steady_clock::now();
  }
  EXPECT_LT(steady_clock::now() - end_began, seconds(10)) << "its own patience is a minute";
}

}  // namespace
}  // namespace loadline::telemetry
