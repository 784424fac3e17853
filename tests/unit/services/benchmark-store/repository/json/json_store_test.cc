#include "services/benchmark-store/repository/json/json_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "libs/json/benchmark_json.h"
#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store::json {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::WaitFor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

StagedImport Staged(const SampleOptions& row) {
  StagedImport staged;
  staged.accepted.Append(Accepted(row), 0);
  return staged;
}

std::string OneRow() { return "[" + loadline::json::WriteMeasurement(Sample({})).dump() + "]"; }

TEST(JsonStore, ReportsWhatItLoaded) {
  const auto bad = loadline::json::WriteMeasurement(BadSample({})).dump();
  const auto good = loadline::json::WriteMeasurement(Sample({})).dump();
  const StoreFolder folder("[" + good + "," + bad + "," + good + "]");
  std::filesystem::remove(folder / "models.json");
  const auto store = folder.Open().value();
  const auto& report = store->load_report();
  EXPECT_EQ(report.benchmarks, 1U);
  EXPECT_EQ(report.quarantined, 1U);
  EXPECT_EQ(report.refused, 1U);
  EXPECT_EQ(report.repeated, 1U);
  EXPECT_THAT(report.missing_files, ElementsAre("models.json"));
  EXPECT_TRUE(report.writable);
}

TEST(JsonStore, ACatalogFolderThatIsNotThereIsRefusedOnlyWhereItIsRequired) {
  const StoreFolder folder;
  auto options = folder.Options();
  options.catalog_folder = folder / "nowhere";
  EXPECT_THAT(json::JsonStore::Open(options).value()->load_report().missing_files, SizeIs(3));
  options.catalog_required = true;
  EXPECT_THAT(json::JsonStore::Open(options), Fails(base::ErrorCode::kFailedPrecondition, "CATALOG_MISSING"));
}

TEST(JsonStore, NamesHardwareOfTheDataFileByTheCatalogue) {
  const StoreFolder folder("[" + loadline::json::WriteMeasurement(Sample({.hardware = "h100-sxm"})).dump() + "]");
  const auto store = folder.Open().value();
  EXPECT_EQ(store->Current()->rows.Unpack(0).measurement.configuration.hardware, "H100");
}

TEST(JsonStore, ASecondStoreOnTheSameFileIsRefused) {
  const StoreFolder folder;
  auto first = folder.Open().value();
  const auto second = folder.Open();
  EXPECT_THAT(second, Fails(ErrorCode::kFailedPrecondition, "DATA_IN_USE"));
  EXPECT_THAT(second.error().message, HasSubstr("BENCHMARK_JSON_PATH"));
  first.reset();
  EXPECT_THAT(folder.Open(), IsOk());
}

TEST(JsonStore, WritesThroughALinkToTheDataFile) {
  const StoreFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  folder.Write("elsewhere/real.json", OneRow());
  std::filesystem::remove(folder.benchmarks());
  std::filesystem::create_symlink("elsewhere/real.json", folder.benchmarks());
  const auto store = folder.Open().value();
  ASSERT_THAT(store->Import(Staged({.model = "linked"}), {}), IsOk());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.benchmarks()));
  EXPECT_THAT(folder.Read("elsewhere/real.json"), HasSubstr("linked"));
}

TEST(JsonStore, RemovesWhatACrashLeft) {
  const StoreFolder folder(OneRow());
  folder.Write("benchmarks.json.tmp", "{\"benchmarks\": [{\"mod");
  const auto store = folder.Open().value();
  EXPECT_EQ(store->Current()->rows.size(), 1U);
  EXPECT_FALSE(exists(folder / "benchmarks.json.tmp"));
}

TEST(JsonStore, AnImportThatCannotBeWrittenChangesNothing) {
  const StoreFolder folder(OneRow());
  const auto store = folder.Open().value();
  const auto before = store->Current();
  const auto file = folder.Read("benchmarks.json");
  folder.BlockWritesOf("benchmarks.json");
  const auto failed = store->Import(Staged({.model = "new", .rate = 2}), {});
  EXPECT_THAT(failed, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_THAT(failed.error().message, Not(HasSubstr(folder.path().string())));
  EXPECT_EQ(store->Current(), before);
  EXPECT_EQ(folder.Read("benchmarks.json"), file);
}

TEST(JsonStore, AnImportAfterAFailedOneHoldsOnlyItsOwnRows) {
  const StoreFolder folder(OneRow());
  const auto store = folder.Open().value();
  folder.BlockWritesOf("benchmarks.json");
  ASSERT_FALSE(store->Import(Staged({.model = "lost", .rate = 2}), {}));
  folder.UnblockWritesOf("benchmarks.json");
  const auto outcome = store->Import(Staged({.model = "kept", .rate = 3}), {});
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->revision, 2);
  const auto snapshot = store->Current();
  ASSERT_EQ(snapshot->rows.size(), 2U);
  EXPECT_EQ(snapshot->rows.Unpack(1).measurement, Sample({.model = "kept", .rate = 3}));
  EXPECT_FALSE(snapshot->HasBenchmark(domain::BenchmarkId::Of(Sample({.model = "lost", .rate = 2}))));
  EXPECT_THAT(store->Import(Staged({.model = "lost", .rate = 2}), {}), IsOk());
}

TEST(JsonStore, HardwareThatCannotBeWrittenChangesNothing) {
  const StoreFolder folder;
  const auto store = folder.Open().value();
  const auto before = store->Current();
  folder.BlockWritesOf("hardware.json");
  const domain::Hardware change = {.name = "H100", .memory_gib = 96, .prices = {}, .aliases = {}};
  EXPECT_THAT(store->Upsert(change, {}), Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_EQ(store->Current(), before);
  folder.UnblockWritesOf("hardware.json");
  EXPECT_EQ(store->Upsert(change, {})->revision, before->revision + 1);
}

TEST(JsonStore, KeepsWhatElseHardwareJsonHolds) {
  const StoreFolder folder;
  folder.Write("hardware.json", R"({"note": "ours", "hardware": []})");
  const auto store = folder.Open().value();
  ASSERT_THAT(store->Upsert({.name = "L4", .memory_gib = 24, .prices = {}, .aliases = {}}, {}), IsOk());
  EXPECT_THAT(folder.Read("hardware.json"), HasSubstr("\"note\": \"ours\""));
}

TEST(JsonStore, WithoutACatalogueTheStoreIsAtRevisionZero) {
  const StoreFolder folder;
  for (const char* name : {"hardware.json", "models.json", "use_cases.json"}) std::filesystem::remove(folder / name);
  const auto store = folder.Open().value();
  EXPECT_EQ(store->Current()->revision, 0);
  EXPECT_FALSE(ChangesBetween(0, "", *store->Current()).catalog);
}

TEST(JsonStore, ACatalogueThatCannotBeReadStopsTheStart) {
  for (const char* name : {"hardware.json", "models.json", "use_cases.json"}) {
    const StoreFolder folder;
    folder.Write(name, "{\n\"hardware\": [}");
    const auto store = folder.Open();
    EXPECT_THAT(store, Fails(ErrorCode::kFailedPrecondition, "MALFORMED_CATALOG"));
    EXPECT_THAT(store.error().message, HasSubstr(name));
    EXPECT_THAT(store.error().message, HasSubstr("line 2"));
  }
}

TEST(JsonStore, OtherHardwareUnderTheSameRevisionIsNoticed) {
  const StoreFolder folder(OneRow());
  auto store = folder.Open().value();
  const auto seen = ChangesBetween(0, "", *store->Current());
  store.reset();
  folder.Write("hardware.json", R"({"hardware": [{"name": "H100", "memory_gib": 81}]})");
  store = folder.Open().value();
  const auto changes = ChangesBetween(seen.revision, seen.snapshot_id, *store->Current());
  EXPECT_TRUE(changes.catalog);
  EXPECT_FALSE(changes.reset);
  EXPECT_THAT(changes.models, IsEmpty());
}

TEST(JsonStore, AnOlderCopyOfTheFileIsNoticed) {
  const StoreFolder folder(OneRow());
  auto store = folder.Open().value();
  const auto backup = folder.Read("benchmarks.json");
  ASSERT_THAT(store->Import(Staged({.rate = 2}), {}), IsOk());
  const auto seen = ChangesBetween(0, "", *store->Current());
  store.reset();
  folder.Write("benchmarks.json", backup);
  store = folder.Open().value();
  ASSERT_THAT(store->Import(Staged({.rate = 3}), {}), IsOk());
  ASSERT_EQ(store->Current()->revision, seen.revision);
  EXPECT_TRUE(ChangesBetween(seen.revision, seen.snapshot_id, *store->Current()).reset);
}

TEST(JsonStore, AWriterWhoseTimeRunsOutBehindAnotherChangesNothing) {
  const StoreFolder folder;
  const auto store = folder.Open().value();
  const CallScope late = {.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  EXPECT_THAT(store->Import(Staged({}), late), Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_EQ(store->Current()->rows.size(), 0U);
}

/// Holds a writer inside its turn: a pipe in place of the temporary file does
/// not open before somebody reads it.
class HeldWriter {
 public:
  HeldWriter(JsonStore& store, const StoreFolder& folder)
      : pipe_((folder / "benchmarks.json.tmp").string()), made_(::mkfifo(pipe_.c_str(), 0600) == 0) {
    writer_ = std::jthread([&store] { static_cast<void>(store.Import(Staged({}), {})); });
  }
  ~HeldWriter() {
    const std::ifstream reader(pipe_);
    writer_.join();
  }

 private:
  const std::string pipe_;
  const bool made_;
  std::jthread writer_;
};

TEST(JsonStore, AWriterWaitsForItsTurnAsLongAsItsCallerDoes) {
  const StoreFolder folder;
  const auto store = folder.Open().value();
  const HeldWriter held(*store, folder);
  // An import of nothing writes nothing: it fails only once it has to wait.
  const auto import_nothing = [&](const CallScope& scope) { return store->Import(StagedImport(), scope); };
  ASSERT_TRUE(WaitFor([&] {
    int looks = 0;
    return !import_nothing({.cancelled = [&] { return ++looks > 2; }});
  }));
  int looks = 0;
  EXPECT_THAT(import_nothing({.cancelled = [&] { return ++looks > 2; }}), Fails(ErrorCode::kCancelled, "CANCELLED"));
  EXPECT_THAT(import_nothing({.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(30)}),
              Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
  EXPECT_EQ(store->Current()->rows.size(), 0U) << "readers do not wait";
}

}  // namespace
}  // namespace loadline::store::json
