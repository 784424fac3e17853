#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include <map>

#include "libs/rpc/status.h"
#include "libs/testing/matchers.h"
#include "tests/integration/any_call.h"
#include "tests/integration/services.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

/// Text that means something to SQL, to COPY, to patterns or to C, in every
/// text field of every call.
namespace loadline::testing {
namespace {

using google::protobuf::Message;
using ::testing::IsEmpty;

const std::vector<std::string> kHostile = {
    "'; DROP TABLE canary; --",
    "\\'; DROP TABLE canary; --",
    "\"; DROP TABLE canary; --",
    "$$; DROP TABLE canary; $$",
    "x' OR '1'='1",
    "/* DROP TABLE canary; */",
    "; SELECT pg_sleep(60); --",
    "$1 :name %s %n {} {0}",
    "%",
    "_",
    "\\N",
    "\\.",
    "\n\\.\nDROP TABLE canary;\n",
    "a\tb,\"c\"|d",
    "NULL",
    "{\"a\": [1]}",
    "(((|&!:*<->",
    std::string("null\0byte", 9),
    "\xF0\x9F\x92\xA3 \xE2\x80\xAE",
    std::string(1 << 20, 'x'),
    std::string(1 << 20, '\''),
    std::string(1 << 20, '\\'),
};

constexpr char kRowsExample[] = R"(rows { rows { benchmark {
       configuration { model_hf_repo: 'acme/a' precision: 'bf16' hardware: 'H100' hardware_count: 1
                       framework: 'vllm' framework_version: '0.11.0' }
       input_lengths { nominal: 512 } output_lengths { nominal: 256 }
       load { requests_per_second: 1.5 responses_per_second: 1.5 }
       ttft { p95_ms: 100 } itl { p95_ms: 10 }
       provenance { source: 'test' origin: ORIGIN_MEASURED format: 'test' } } } })";

/// Good requests, so that a hostile text is not refused for another field. A
/// call that is not listed gets empty ones.
const std::map<std::string, std::string> kExamples = {
    {"ListBenchmarks", "filter { model_hf_repo: 'acme/a' }"},
    {"FindClosestBenchmark", "filter { model_hf_repo: 'acme/a' } shape { input_tokens: 512 output_tokens: 256 }"},
    {"ImportBenchmarks", kRowsExample},
    {"ImportWithProgress", kRowsExample},
    {"UpsertHardware",
     R"(hardware { name: 'H100' memory_gib: 80 aliases: 'Hopper'
       prices { provider: 'acme' purchase_option: 'on_demand' usd_per_gpu_hour: 2 } })"},
};

std::unique_ptr<Message> ExampleOf(const google::protobuf::MethodDescriptor& method) {
  auto message = NewMessage(*method.input_type());
  const auto example = kExamples.find(method.name());
  if (example != kExamples.end()) {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(example->second, message.get())) << method.name();
  }
  return message;
}

/// The requests of one call whose `field` is `text`.
std::vector<std::unique_ptr<Message>> RequestsOf(const google::protobuf::MethodDescriptor& method,
                                                 const TextField& field, const std::string& text) {
  std::vector<std::unique_ptr<Message>> requests;
  requests.push_back(ExampleOf(method));
  field.Set(*requests.back(), text);
  if (method.client_streaming()) {
    requests.push_back(NewMessage(*method.input_type()));
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("commit { row_count: 1 }", requests.back().get()));
  }
  return requests;
}

std::string Short(const std::string& text) {
  return text.size() < 60 ? ::testing::PrintToString(text) : std::to_string(text.size()) + " of " + text[0];
}

/// The caller is told what is wrong with the text, or it is taken for what it
/// is: text.
bool IsAnAnswer(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND: return true;
    default: return false;
  }
}

class HostileTextTest : public ::testing::TestWithParam<std::string> {
 protected:
  HostileTextTest() : backend(GetParam()), store(backend.environment()), client(store.address()) {}

  void SetUp() override {
    ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk());
    ASSERT_THAT(client.Import(CurveOf("acme/kept")), IsOk());
  }

  void CallAll(const google::protobuf::FileDescriptor& services) {
    for (const auto* method : MethodsOf(services)) {
      for (const auto& field : TextField::Of(*method->input_type())) {
        for (const auto& text : kHostile) {
          const auto status = Call(client.channel(), *method, RequestsOf(*method, field, text));
          EXPECT_TRUE(IsAnAnswer(status)) << method->name() << " with " << field.name() << " = " << Short(text) << ": "
                                          << status.error_code() << " " << status.error_message();
        }
      }
    }
  }

  StoreOn backend;
  StoreProcess store;
  StoreClient client;
};

TEST_P(HostileTextTest, IsAnsweredInEveryFieldAndDoesNothing) {
  const auto before = client.FindClosest("acme/kept");
  ASSERT_THAT(before, IsOk());
  const auto tables = backend.Tables();
  CallAll(*benchmark::v1::ListBenchmarksRequest::descriptor()->file());
  CallAll(*catalog::v1::ListModelsRequest::descriptor()->file());
  EXPECT_EQ(backend.Tables(), tables);
  EXPECT_EQ(client.health(), Health::kServing);
  const auto after = client.FindClosest("acme/kept");
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->benchmark().ShortDebugString(), before->benchmark().ShortDebugString());
}

TEST_P(HostileTextTest, AsAFilterMatchesNothingElse) {
  const auto stub = benchmark::v1::BenchmarkService::NewStub(client.channel());
  for (const std::string text : {"x' OR '1'='1", "%", "_", "acme/%", "acme/_", ".*", "acme/a' --"}) {
    grpc::ClientContext context;
    benchmark::v1::ListBenchmarksRequest request;
    request.mutable_filter()->set_model_hf_repo(text);
    benchmark::v1::ListBenchmarksResponse response;
    ASSERT_TRUE(stub->ListBenchmarks(&context, request, &response).ok()) << text;
    EXPECT_THAT(response.benchmarks(), IsEmpty()) << text;
  }
}

TEST_P(HostileTextTest, ComesBackAsItWent) {
  const auto stub = benchmark::v1::BenchmarkService::NewStub(client.channel());
  for (const std::string text :
       {"'; DROP TABLE canary; --", "\\N", "\\.", "\\", "a,\"c\"|d", "NULL", "$1 %s {}", "\xF0\x9F\x92\xA3"}) {
    auto benchmark = CurveOf("acme/told").front();
    benchmark.measurement.provenance.source = text;
    benchmark.measurement.provenance.path = text;
    benchmark.measurement.configuration.framework_version = text;
    ASSERT_THAT(client.Import({benchmark}), IsOk()) << text;
    grpc::ClientContext context;
    benchmark::v1::ListBenchmarksRequest request;
    request.mutable_filter()->set_framework_version(text);
    benchmark::v1::ListBenchmarksResponse response;
    ASSERT_TRUE(stub->ListBenchmarks(&context, request, &response).ok()) << text;
    ASSERT_EQ(response.benchmarks_size(), 1) << text;
    EXPECT_EQ(response.benchmarks(0).configuration().framework_version(), text);
    EXPECT_EQ(response.benchmarks(0).provenance().source(), text);
    EXPECT_EQ(response.benchmarks(0).provenance().path(), text);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, HostileTextTest, ::testing::Values("json", "postgresql"),
                         [](const auto& backend) { return backend.param; });

}  // namespace
}  // namespace loadline::testing
