#include "services/planner/evidence/store_client/grpc_evidence_store.h"

#include <gmock/gmock.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/dns_server.h"
#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "libs/wire/benchmark_wire.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner {
namespace {

namespace bm = benchmark::v1;
namespace cat = catalog::v1;
namespace curves = planning::testing;
using base::ErrorCode;
using loadline::testing::DnsServer;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::WaitFor;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

base::Instant In(milliseconds time) { return std::chrono::steady_clock::now() + time; }

// A handler that waits until its caller is gone.
grpc::Status Hang(grpc::ServerContext* context) {
  WaitFor([&] { return context->IsCancelled(); });
  return grpc::Status::CANCELLED;
}

/// Benchmarks in pages, and whatever a test wants of a watch.
class ScriptedBenchmarks final : public bm::BenchmarkService::Service {
 public:
  std::vector<domain::Benchmark> benchmarks;
  std::vector<bm::ListBenchmarksRequest> requests;
  std::function<grpc::Status(grpc::ServerContext*, const bm::WatchChangesRequest&,
                             grpc::ServerWriter<bm::WatchChangesResponse>*)>
      watch;
  bool hang = false;
  std::atomic<int> calls = 0;

  grpc::Status ListBenchmarks(grpc::ServerContext* context, const bm::ListBenchmarksRequest* request,
                              bm::ListBenchmarksResponse* response) override {
    ++calls;
    if (hang) return Hang(context);
    requests.push_back(*request);
    auto next = request->page_token().empty() ? std::size_t{0} : std::stoul(request->page_token());
    for (int i = 0; i < request->page_size() && next < benchmarks.size(); ++i, ++next) {
      wire::ToProto(benchmarks[next], response->add_benchmarks());
    }
    if (next < benchmarks.size()) response->set_next_page_token(std::to_string(next));
    return grpc::Status::OK;
  }

  grpc::Status WatchChanges(grpc::ServerContext* context, const bm::WatchChangesRequest* request,
                            grpc::ServerWriter<bm::WatchChangesResponse>* writer) override {
    ++calls;
    return watch(context, *request, writer);
  }
};

/// A catalogue whose revision goes through `revisions`, one a list, and stays
/// at the last.
class ScriptedCatalog final : public cat::CatalogService::Service {
 public:
  std::vector<std::int64_t> revisions = {7};
  std::size_t lists = 0;

  grpc::Status ListModels(grpc::ServerContext*, const cat::ListModelsRequest* request,
                          cat::ListModelsResponse* response) override {
    const bool first = request->page_token().empty();
    response->add_models()->set_model_hf_repo(first ? "acme/a" : "acme/b");
    if (first) response->set_next_page_token("more");
    response->set_revision(Revision());
    return grpc::Status::OK;
  }
  grpc::Status ListHardware(grpc::ServerContext*, const cat::ListHardwareRequest*,
                            cat::ListHardwareResponse* response) override {
    response->add_hardware()->set_name("H100");
    response->set_revision(Revision());
    return grpc::Status::OK;
  }
  grpc::Status ListUseCases(grpc::ServerContext*, const cat::ListUseCasesRequest*,
                            cat::ListUseCasesResponse* response) override {
    auto* use_case = response->add_use_cases();
    use_case->set_id("chatbot");
    use_case->mutable_shape()->set_input_tokens(512);
    use_case->mutable_shape()->set_output_tokens(256);
    use_case->set_slo("ttft:p95<500ms");
    response->set_revision(Revision());
    return grpc::Status::OK;
  }

 private:
  std::int64_t Revision() { return revisions[std::min(lists++, revisions.size() - 1)]; }
};

class GrpcEvidenceStoreTest : public ::testing::Test {
 protected:
  GrpcEvidenceStoreTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&benchmarks);
    builder.RegisterService(&catalog);
    server = builder.BuildAndStart();
    store = Connect("127.0.0.1:" + std::to_string(port));
  }
  static std::unique_ptr<EvidenceStore> Connect(const std::string& address, milliseconds silence = milliseconds(5000)) {
    return MakeGrpcEvidenceStore([address] { return rpc::MakeChannel(address); }, {.silence = silence, .page_size = 2});
  }
  void Reconnect(milliseconds silence) {
    server->Shutdown();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&benchmarks);
    server = builder.BuildAndStart();
    store = Connect("127.0.0.1:" + std::to_string(port), silence);
  }

  ScriptedBenchmarks benchmarks;
  ScriptedCatalog catalog;
  int port = 0;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<EvidenceStore> store;
};

TEST_F(GrpcEvidenceStoreTest, ReadsEveryPageOfAModelAsOfTheRevision) {
  benchmarks.benchmarks = curves::Benchmarks(curves::kSmall, curves::kShape, {{1}, {2}, {3}, {4}, {5}});
  const auto read = store->ReadModel("acme/tiny-8b", 42, In(milliseconds(5000)));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, benchmarks.benchmarks);
  ASSERT_EQ(benchmarks.requests.size(), 3U);
  for (const auto& request : benchmarks.requests) {
    EXPECT_EQ(request.revision(), 42);
    EXPECT_EQ(request.filter().model_hf_repo(), "acme/tiny-8b");
  }
}

TEST_F(GrpcEvidenceStoreTest, KeepsNothingOfTheProvenanceButTheOrigin) {
  benchmarks.benchmarks = curves::Benchmarks(curves::kSmall, curves::kShape, {{1}});
  auto& provenance = benchmarks.benchmarks[0].measurement.provenance;
  provenance.origin = domain::Origin::kSimulated;
  provenance.path = "/some/where";
  const auto read = store->ReadModel("acme/tiny-8b", 1, In(milliseconds(5000)));
  domain::Provenance expected;
  expected.origin = domain::Origin::kSimulated;
  EXPECT_EQ(read->at(0).measurement.provenance, expected);
}

TEST_F(GrpcEvidenceStoreTest, AModelWithoutBenchmarksIsEmpty) {
  EXPECT_TRUE(store->ReadModel("acme/none", 1, In(milliseconds(5000)))->empty());
}

TEST_F(GrpcEvidenceStoreTest, ReadsTheWholeCatalogue) {
  const auto read = store->ReadCatalog(In(milliseconds(5000)));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->revision, 7);
  ASSERT_EQ(read->models.size(), 2U);
  EXPECT_EQ(read->models[1].name, "acme/b");
  EXPECT_EQ(read->hardware.at(0).name, "H100");
  EXPECT_EQ(read->use_cases.at(0).slo.ToString(), "ttft:p95<500ms");
}

TEST_F(GrpcEvidenceStoreTest, ACatalogueThatChangesWhileItIsReadIsReadAgain) {
  catalog.revisions = {7, 7, 8};
  const auto read = store->ReadCatalog(In(milliseconds(5000)));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->revision, 8);
  EXPECT_EQ(read->models.size(), 2U) << "nothing twice";
  EXPECT_EQ(catalog.lists, 8U);
}

TEST_F(GrpcEvidenceStoreTest, ACatalogueThatNeverRestsIsGivenUp) {
  for (int i = 0; i < 100; ++i) catalog.revisions.push_back(i);
  EXPECT_THAT(store->ReadCatalog(In(milliseconds(5000))), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

TEST_F(GrpcEvidenceStoreTest, AStoreThatIsAwayIsUnreachableAndItsAddressStaysHere) {
  server->Shutdown();
  const auto read = store->ReadCatalog(In(milliseconds(5000)));
  EXPECT_THAT(read, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(read.error().message, Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(store->ReadModel("m", 1, In(milliseconds(5000))), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

TEST_F(GrpcEvidenceStoreTest, AReadEndsAtItsDeadline) {
  benchmarks.hang = true;
  const auto read = store->ReadModel("m", 1, In(milliseconds(50)));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kDeadlineExceeded);
}

TEST_F(GrpcEvidenceStoreTest, AWatchDeliversMessagesUntilTheyAreNotWanted) {
  benchmarks.watch = [](grpc::ServerContext* context, const bm::WatchChangesRequest& request, auto* writer) {
    EXPECT_EQ(request.after_revision(), 3);
    EXPECT_EQ(request.after_snapshot_id(), "s3");
    bm::WatchChangesResponse message;
    message.set_revision(4);
    message.set_snapshot_id("s4");
    message.add_changed_models("acme/a");
    message.set_catalog_changed(true);
    message.set_reset(true);
    writer->Write(message);
    writer->Write(message);
    return Hang(context);
  };
  std::vector<StoreChange> heard;
  EXPECT_THAT(store->Watch(3, "s3",
                           [&](const StoreChange& change) {
                             heard.push_back(change);
                             return heard.size() < 2;
                           }),
              IsOk());
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].revision, 4);
  EXPECT_EQ(heard[1].snapshot_id, "s4");
  EXPECT_THAT(heard[1].models, ElementsAre("acme/a"));
  EXPECT_TRUE(heard[1].catalog);
  EXPECT_TRUE(heard[1].reset);
}

TEST_F(GrpcEvidenceStoreTest, ASilentWatchIsBroken) {
  Reconnect(milliseconds(100));
  benchmarks.watch = [](grpc::ServerContext* context, const auto&, auto* writer) {
    writer->Write(bm::WatchChangesResponse());
    return Hang(context);
  };
  int heard = 0;
  const auto ended = store->Watch(0, "", [&](const StoreChange&) { return ++heard > 0; });
  EXPECT_THAT(ended, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(ended.error().detail, HasSubstr("silent"));
  EXPECT_EQ(heard, 1);
}

TEST_F(GrpcEvidenceStoreTest, AWatchThatTheStoreEndsInGoodOrderIsNoError) {
  benchmarks.watch = [](grpc::ServerContext*, const auto&, auto* writer) {
    writer->Write(bm::WatchChangesResponse());
    return grpc::Status::OK;
  };
  int heard = 0;
  EXPECT_THAT(store->Watch(0, "", [&](const StoreChange&) { return ++heard > 0; }), IsOk());
  EXPECT_EQ(heard, 1);
}

TEST_F(GrpcEvidenceStoreTest, AWatchThatEndsBeforeItSaidAnythingIsBroken) {
  benchmarks.watch = [](grpc::ServerContext*, const auto&, auto*) { return grpc::Status::OK; };
  const auto ended = store->Watch(0, "", [](const StoreChange&) { return true; });
  EXPECT_THAT(ended, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

TEST_F(GrpcEvidenceStoreTest, AWatchThatTheStoreRefusesFailsAsTheStoreSays) {
  auto too_many = base::Unavailable("TOO_MANY_WATCHERS", "All 1 watches are taken.", milliseconds(700));
  too_many.code = ErrorCode::kResourceExhausted;
  benchmarks.watch = [&](grpc::ServerContext*, const auto&, auto*) { return rpc::ToGrpcStatus(too_many); };
  const auto refused = store->Watch(0, "", [](const StoreChange&) { return true; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), too_many);
}

TEST_F(GrpcEvidenceStoreTest, AWatchThatAStoreWhichStopsEndsIsBrokenAndTheLogIsToldWhy) {
  benchmarks.watch = [&](grpc::ServerContext*, const auto&, auto* writer) {
    writer->Write(bm::WatchChangesResponse());
    return rpc::ToGrpcStatus(base::Unavailable("SHUTTING_DOWN", "The store is shutting down.", milliseconds(1)));
  };
  const auto ended = store->Watch(0, "", [](const StoreChange&) { return true; });
  ASSERT_THAT(ended, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_EQ(ended.error().detail, "The store is shutting down.");
}

// A channel alone asks after 1 s, then ever more seldom.
TEST_F(GrpcEvidenceStoreTest, EveryWatchAsksAnewForANameThatDoesNotResolve) {
  DnsServer dns("store.test");
  const auto named = Connect("dns://" + dns.address() + "/store.test:" + std::to_string(port), milliseconds(200));
  const auto not_wanted = [](const StoreChange&) { return false; };
  constexpr int kWatches = 5;
  for (int i = 0; i < kWatches; ++i) {
    EXPECT_THAT(named->Watch(0, "", not_wanted), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  }
  EXPECT_GE(dns.questions(), kWatches);

  benchmarks.watch = [](grpc::ServerContext*, const auto&, auto* writer) {
    writer->Write(bm::WatchChangesResponse());
    return grpc::Status::OK;
  };
  dns.Publish();
  EXPECT_TRUE(WaitFor([&] { return named->Watch(0, "", not_wanted).has_value(); }));
  EXPECT_THAT(named->ReadCatalog(In(milliseconds(5000))), IsOk()) << "by the same channel";
}

TEST_F(GrpcEvidenceStoreTest, AWatchWaitsForTheStoreNoLongerThanForAMessage) {
  Reconnect(milliseconds(100));
  server->Shutdown();
  EXPECT_THAT(store->Watch(0, "", [](const StoreChange&) { return true; }),
              Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

TEST_F(GrpcEvidenceStoreTest, ShutdownEndsEveryCall) {
  benchmarks.hang = true;
  benchmarks.watch = [](grpc::ServerContext* context, const auto&, auto*) { return Hang(context); };
  auto watch =
      std::async(std::launch::async, [this] { return store->Watch(0, "", [](const StoreChange&) { return true; }); });
  auto read = std::async(std::launch::async, [this] { return store->ReadModel("m", 1, In(std::chrono::hours(1))); });
  ASSERT_TRUE(WaitFor([this] { return benchmarks.calls == 2; }));
  store->Shutdown();
  EXPECT_THAT(watch.get(), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(read.get(), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(store->ReadCatalog(In(std::chrono::hours(1))), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_EQ(catalog.lists, 0U);
}

}  // namespace
}  // namespace loadline::planner
