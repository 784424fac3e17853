#include <gmock/gmock.h>

#include <functional>

#include "libs/testing/matchers.h"
#include "tests/integration/small_disk.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;

// Much more than is left on the disk once the schema is there.
constexpr int kRows = 60'000;
constexpr int kTightMebibytes = 24;
constexpr int kAmpleMebibytes = 512;

/// An import that the disk has no room for is refused, and changes nothing;
/// reads go on, and with room it succeeds.
void ExpectToSurvive(const StoreClient& client, const std::function<void()>& fill, const std::function<void()>& free) {
  const auto before = CurveOf("acme/before");
  ASSERT_THAT(client.Import(before), IsOk());
  fill();
  const auto rows = ManyBenchmarks("acme/many", kRows);
  const auto refused = client.Import(rows, std::chrono::seconds(100));
  ASSERT_THAT(refused, Fails(ErrorCode::kFailedPrecondition, "DATA_NOT_WRITABLE"));
  EXPECT_EQ(client.health(), Health::kServing);
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(before)));
  free();
  const auto second = client.Import(rows, std::chrono::seconds(100));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->accepted_count(), kRows);
}

TEST(FullDisk, OfATablespaceIsSurvived) {
  const auto disk = SmallDisk::Mount(kTightMebibytes);
  if (disk == nullptr) GTEST_SKIP() << "mounting is not allowed here; the test with an injected error has run";
  const StoreData data;
  const PostgresServer server;
  server.Psql("CREATE TABLESPACE small LOCATION '" + disk->path() + "'");
  server.Psql("CREATE DATABASE crowded OWNER loadline TABLESPACE small");
  StoreProcess store(OnDatabase(data, server.Url("crowded")));
  ExpectToSurvive(
      StoreClient(store.address()), [] {}, [&] { disk->Grow(kAmpleMebibytes); });
}

TEST(FullDisk, AsPostgresReportsItIsSurvived) {
  const StoreData data;
  const TestDatabase database(SharedPostgres());
  StoreProcess store(OnDatabase(data, database.url()));
  const auto fill = [&] {
    database.Psql(R"(
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON curves FOR EACH ROW EXECUTE FUNCTION no_room())");
  };
  const auto free = [&] { database.Psql("DROP TRIGGER no_room ON curves"); };
  ExpectToSurvive(StoreClient(store.address()), fill, free);
}

}  // namespace
}  // namespace loadline::testing
