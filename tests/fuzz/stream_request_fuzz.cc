#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <cstdint>
#include <string_view>

#include "services/benchmark-store/api/import_stream.h"
#include "services/benchmark-store/api/messages.h"
#include "tests/fuzz/answer.h"
#include "tests/fuzz/store_under_fuzz.h"

namespace loadline::store {
namespace {

constexpr std::int64_t kMaxRows = 100;

// The next message of a stream: each has its length before it. A commit only
// asks what it would do, so that the next input finds the same store.
template <typename Request>
bool ReadNext(google::protobuf::io::ArrayInputStream& bytes, Request* message) {
  message->Clear();
  if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(message, &bytes, nullptr)) return false;
  if (message->has_commit()) message->mutable_commit()->set_validate_only(true);
  return true;
}

void Tell(const ImportProgress& progress) {
  pb::ImportProgress message;
  ToProto(progress, &message);
  fuzz::Expect(message.quarantined_count() <= message.received_count(), "only what was received is quarantined");
}

void ExpectSound(const ImportSummary& summary, const ImportBenchmarks& intake) {
  pb::ImportBenchmarksResponse response;
  ToProto(summary, &response);
  fuzz::Expect(response.accepted_count() + response.already_present_count() + response.quarantined_count() ==
                   intake.progress().received,
               "each row is counted once");
  fuzz::Expect(response.ByteSizeLong() <= fuzz::kMaxMessageBytes, "an answer is one that clients take");
}

template <typename Request>
void TryImport(const Repositories& on, std::string_view bytes) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  auto intake = ImportBenchmarks::Begin(on, kMaxRows, {}).value();
  const auto summary = ReceiveImport<Request>([&](Request* next) { return ReadNext(stream, next); }, intake, {}, Tell);
  if (!summary) return fuzz::ExpectUseful(summary.error());
  ExpectSound(*summary, intake);
}

// Up to the first message of the watch.
base::Status Watch(const BenchmarkRepository& on, const pb::WatchChangesRequest& request) {
  LOADLINE_ASSIGN_OR_RETURN(const auto position, PositionFrom(request));
  return WatchChanges(on, position, std::chrono::milliseconds(0), {}, [](const Changes& changes) {
    pb::WatchChangesResponse response;
    ToProto(changes, &response);
    fuzz::Expect(response.revision() > 0 && !response.snapshot_id().empty(), "a watcher hears where it stands");
    return false;
  });
}

void TryWatch(const BenchmarkRepository& on, std::string_view bytes) {
  pb::WatchChangesRequest request;
  if (!fuzz::Read(bytes, &request)) return;
  const auto status = Watch(on, request);
  if (!status) fuzz::ExpectUseful(status.error());
}

}  // namespace
}  // namespace loadline::store

// The calls that are streams. The bytes are the messages of an import, and one
// request to watch.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline::store;  // NOLINT
  static const StoreUnderFuzz store;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryImport<pb::ImportBenchmarksRequest>(store.repositories(), bytes);
  TryImport<pb::ImportWithProgressRequest>(store.repositories(), bytes);
  TryWatch(store.repositories().benchmarks, bytes);
  return 0;
}
