#include "tests/attack/target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <stdexcept>

#include "libs/testing/port.h"
#include "libs/testing/temp_dir.h"
#include "libs/testing/wait.h"

namespace loadline::attack {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Nobody waits longer for a probe.
constexpr milliseconds kProbe{5'000};
constexpr milliseconds kBetweenProbes{20};
constexpr milliseconds kAcceptsAgain{1'000};

milliseconds Since(Clock::time_point start) { return std::chrono::duration_cast<milliseconds>(Clock::now() - start); }

testing::ProcessOptions OptionsOf(const std::string& program, testing::Environment environment, int descriptors) {
  environment.insert({"LISTEN_ADDRESS", "127.0.0.1:0"});
  return {.binary = LOADLINE_BINARY_DIR "/bin/" + program, .environment = environment, .max_descriptors = descriptors};
}

}  // namespace

Target::Target(const std::string& program, int descriptors, const testing::Environment& extra) {
  auto environment = data_.environment();
  if (program == "planner") {
    store_ = std::make_unique<testing::StoreProcess>(data_);
    store_->Import(testing::CurveOf("acme/a"));
    environment = {{"BENCHMARK_STORE_ADDRESS", store_->address()}};
    path_ = "/loadline.planner.v1.PlannerService/PlanCapacity";
    strict_path_ = path_;
    request_ = testing::PlanRequest().SerializeAsString();
  } else {
    path_ = "/loadline.catalog.v1.CatalogService/ListHardware";
    strict_path_ = "/loadline.benchmark.v1.BenchmarkService/GetBenchmark";
    streaming_path_ = "/loadline.benchmark.v1.BenchmarkService/ImportBenchmarks";
  }
  environment.insert(extra.begin(), extra.end());
  admin_port_ = testing::FreePort();
  environment.insert({"ADMIN_ADDRESS", "127.0.0.1:" + std::to_string(admin_port_)});
  process_ = std::make_unique<testing::Process>(OptionsOf(program, environment, descriptors));
  port_ = process_->Port();
  if (!TimeToAnswer()) throw std::runtime_error(program + " does not answer:\n" + process_->ErrorOutput());
}

std::int64_t Target::Kib(const std::string& which) const {
  const auto status = testing::ReadFile("/proc/" + std::to_string(process_->id()) + "/status");
  const auto line = status.find(which);
  const auto digit = status.find_first_of("0123456789", line);
  std::int64_t kib = 0;
  std::from_chars(status.data() + digit, status.data() + status.size(), kib);
  return kib;
}

Connection Target::Connect(Milliseconds patience) const {
  auto connection = Connection::Open(port_);
  if (!connection || !connection->Greet()) throw std::runtime_error("the target takes no connection");
  const auto answer = connection->Call(path_, request_, patience);
  EXPECT_TRUE(answer.IsOk()) << answer;
  return std::move(*connection);
}

std::optional<milliseconds> Target::TimeToAnswer() const {
  const auto start = Clock::now();
  if (!testing::WaitFor([this] { return Answers(); })) return std::nullopt;
  return Since(start);
}

bool Target::Answers() const {
  auto connection = Connection::Open(port_);
  return connection && connection->Greet() && connection->Call(path_, request_).IsOk();
}

void Target::ExpectUnharmed(const std::string& attack, std::int64_t before_kib, std::int64_t max_growth_kib,
                            const std::vector<HealthWatch*>& watches) {
  const auto growth = PeakKib() - before_kib;
  ASSERT_TRUE(IsAlive()) << attack << ":\n" << process_->ErrorOutput();
  const auto again = TimeToAnswer();
  std::cout << attack << ": grew by " << growth << " KiB";
  for (auto* watch : watches) {
    const auto seen = watch->Stop();
    std::cout << "; " << seen.answers << " answers about health, the slowest after " << seen.slowest.count() << " ms";
    EXPECT_GT(seen.answers, 0) << attack;
    EXPECT_EQ(seen.misses, 0) << attack;
  }
  std::cout << "; answers a new connection after " << again.value_or(kProbe).count() << " ms\n";
  EXPECT_LT(growth, max_growth_kib) << attack;
  EXPECT_LE(again.value_or(kProbe), kAcceptsAgain) << attack;
}

HealthWatch::HealthWatch(int port) : connection_(Connection::Open(port)) {
  if (!connection_ || !connection_->Greet()) throw std::runtime_error("nobody to ask for health");
  thread_ = std::thread([this] { AskUntilStopped(); });
}

HealthWatch::~HealthWatch() { Stop(); }

HealthWatch::Record HealthWatch::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  return record_;
}

void HealthWatch::AskUntilStopped() {
  do {
    const auto start = Clock::now();
    const auto answer = connection_->Call(kHealthPath, "", kProbe);
    ++(answer.IsOk() && answer.data_bytes > 0 ? record_.answers : record_.misses);
    record_.slowest = std::max(record_.slowest, Since(start));
    if (answer.closed) return;
  } while (Pause());
}

bool HealthWatch::Pause() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, kBetweenProbes, [this] { return stop_; });
}

}  // namespace loadline::attack
