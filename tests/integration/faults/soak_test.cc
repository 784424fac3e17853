#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <optional>

#include "libs/base/environment.h"
#include "tests/integration/faults/mixed_load.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// How long it works, on each backend; `make test-long` sets it, so that a CI has
// time for it.
constexpr char kSecondsVariable[] = "LOADLINE_SOAK_SECONDS";
constexpr seconds kDefaultLength = minutes(10);
constexpr seconds kCapacityTime(5);
constexpr double kUtilisation = 0.8;
// Of the second half, as the fitted line has it: some bytes for each call would be
// more within a minute.
constexpr double kMostGrowthMib = 4;
constexpr double kMostSlowdown = 2;
// Below it, what else the machine does decides.
constexpr milliseconds kNoise(20);

seconds Length() {
  const auto text = base::FromProcess(kSecondsVariable);
  return text && !text->empty() ? seconds(std::stoi(*text)) : kDefaultLength;
}

double ResidentMib(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// The slope of the least-squares line through (0, y0), (1, y1), ...
double SlopeOf(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto x = static_cast<double>(i);
    sum_x += x;
    sum_y += values[i];
    sum_xx += x * x;
    sum_xy += x * values[i];
  }
  return (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
}

/// One program's memory, a value a second.
class MemoryLine {
 public:
  MemoryLine(const char* name, pid_t process) : name_(name), process_(process) {}

  void Look() { values_.push_back(ResidentMib(process_)); }

  /// Of the second half: caches are full by then.
  void ExpectFlat() const {
    const std::vector<double> late(values_.begin() + static_cast<std::ptrdiff_t>(values_.size() / 2), values_.end());
    const double slope = SlopeOf(late);
    std::cout << name_ << ": " << values_.front() << " MiB at first, " << values_.back() << " MiB at last, slope "
              << slope * 60 * 1024 << " KiB/min\n";
    EXPECT_LE(slope * static_cast<double>(late.size()), kMostGrowthMib) << name_;
  }

 private:
  const char* name_;
  const pid_t process_;
  std::vector<double> values_;
};

class Soak : public ::testing::TestWithParam<const char*> {
 protected:
  Soak() : backend(GetParam()), store(backend.environment()) {
    for (const auto& model : models) store.Import(CurveOf(model));
    planner = std::make_unique<PlannerProcess>(store.address());
    load.emplace(store.address(), "127.0.0.1:" + std::to_string(planner->process().Port()), models);
  }
  void SetUp() override {
    ASSERT_TRUE(planner->AwaitHealth(Health::kServing));
    ASSERT_TRUE(planner->Plan(PlanRequest()).status.ok());
  }

  /// Calls a second.
  double Capacity() const {
    const auto report = load->Saturate(kCapacityTime);
    EXPECT_THAT(report.failures, ::testing::IsEmpty());
    return static_cast<double>(report.calls.size()) / static_cast<double>(kCapacityTime.count());
  }

  static void ExpectAsFastAsAtFirst(const MixedLoad::Report& report, milliseconds end) {
    const auto window = std::min<milliseconds>(minutes(1), end / 2);
    const auto first = report.Quantile(0.99, milliseconds(0), window);
    const auto last = report.Quantile(0.99, end - window, end);
    std::cout << report.calls.size() << " calls, p99 " << first.count() << " us in the first minute, " << last.count()
              << " us in the last\n";
    EXPECT_LE(last, std::max<std::chrono::duration<double>>(kMostSlowdown * first, kNoise));
  }

  const std::vector<std::string> models = {"acme/a", "acme/b", "acme/c"};
  StoreOn backend;
  StoreProcess store;
  std::unique_ptr<PlannerProcess> planner;
  std::optional<MixedLoad> load;
};

TEST_P(Soak, MemoryIsFlatAndNothingFailsAndTheLastMinuteIsAsFastAsTheFirst) {
  const auto length = Length();
  const double rate = kUtilisation * Capacity();
  ASSERT_GT(rate, 0);
  std::cout << length.count() << " s (" << kSecondsVariable << ") at " << rate << " calls/s, 80 % of capacity"
            << std::endl;
  MemoryLine store_memory("benchmark-store", store.process().id());
  MemoryLine planner_memory("planner", planner->process().id());
  const auto report = load->Pace(rate, length, [&] {
    store_memory.Look();
    planner_memory.Look();
  });
  EXPECT_THAT(report.failures, ::testing::IsEmpty());
  ExpectAsFastAsAtFirst(report, length);
  store_memory.ExpectFlat();
  planner_memory.ExpectFlat();
}

INSTANTIATE_TEST_SUITE_P(Backends, Soak, ::testing::Values("json", "postgresql"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace loadline::testing
