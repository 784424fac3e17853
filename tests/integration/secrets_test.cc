#include <gmock/gmock.h>

#include <fstream>

#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/http_receiver.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"
#include "libs/testing/wait.h"
#include "tests/integration/scraped.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

/// Secrets are planted where the programs take them, things go wrong, and all
/// that comes out is searched.
namespace loadline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPassword[] = "planted-password-7f3a";
constexpr char kToken[] = "planted-token-91bc";
constexpr char kKeyText[] = "planted-key-text-c0de";

/// All that came out so far, and where.
class Outputs {
 public:
  void Add(const std::string& from, const std::string& text) { texts_.emplace_back(from, text); }
  void Add(const std::string& from, const Process& process) { Add(from, process.Output() + process.ErrorOutput()); }
  void Add(const std::string& from, const grpc::Status& status) {
    Add(from, status.error_message() + status.error_details());
  }

  void ExpectNoSecrets() const {
    for (const auto& [from, text] : texts_) {
      for (const auto* secret : {kPassword, kToken, kKeyText}) EXPECT_THAT(text, Not(HasSubstr(secret))) << from;
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> texts_;
};

class SecretsTest : public ::testing::Test {
 protected:
  SecretsTest() { server_.CreateRole("teller", kPassword); }

  // Of the database, as a role with a password.
  std::string Url() const { return server_.Url(database_.name(), "teller", kPassword); }

  Environment Common() const {
    return {{"LOG_LEVEL", "debug"},
            {"METRICS_ADDRESS", "127.0.0.1:0"},
            {"OTEL_EXPORTER_OTLP_ENDPOINT", receiver_.url()},
            {"OTEL_EXPORTER_OTLP_HEADERS", std::string("authorization=Bearer ") + kToken},
            {"OTEL_TRACES_SAMPLER_ARG", "1"}};
  }

  // Runs a program that is to fail at its start.
  void Fails(const std::string& from, const Environment& extra) {
    auto environment = OnDatabase(data_, Url(), Common());
    environment["LISTEN_ADDRESS"] = "127.0.0.1:0";
    for (const auto& [name, value] : extra) environment[name] = value;
    Process store({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .environment = environment});
    EXPECT_EQ(store.Wait(), 2) << from;
    outputs_.Add(from, store);
  }

  // Runs `loadline` and returns how it ended.
  int Loadline(const std::vector<std::string>& arguments) {
    Process loadline({.binary = LOADLINE_BINARY_DIR "/bin/loadline", .arguments = arguments, .environment = Common()});
    const int status = loadline.Wait().value_or(-1);
    outputs_.Add("loadline " + arguments.front(), loadline);
    return status;
  }

  // A file of a private key, but for its content.
  std::string KeyThatIsNone() const {
    return folder_.Write("key.pem",
                         std::string("-----BEGIN PRIVATE KEY-----\n") + kKeyText + "\n-----END PRIVATE KEY-----\n");
  }

  // What the collector got; the token is for its eyes.
  void AddSpans() {
    for (const auto& request : receiver_.requests()) outputs_.Add("spans", request.body);
  }

  PostgresServer server_;
  TestDatabase database_{server_};
  StoreData data_;
  const TempDir folder_;
  const HttpReceiver receiver_{"200 OK"};
  Outputs outputs_;
};

TEST_F(SecretsTest, NoSecretComesOutWhileCallsFailAndTheDatabaseGoesAway) {
  database_.Psql("GRANT ALL ON SCHEMA public TO teller; CREATE EXTENSION pg_trgm");
  StoreProcess store(OnDatabase(data_, Url(), Common()));
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address(), Common());
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  outputs_.Add("a plan", planner.Plan(PlanRequest()).status);
  outputs_.Add("a wrong plan", planner.Plan(PlanRequest({"no/such-model"})).status);
  server_.Kill9();
  const StoreClient client(store.address());
  const auto lost = client.Import(CurveOf("acme/b"), std::chrono::seconds(5));
  ASSERT_FALSE(lost);
  outputs_.Add("an import without a database", lost.error().message + lost.error().detail);
  ASSERT_TRUE(store.process().WaitForEvent("database_lost"));
  ASSERT_TRUE(WaitFor([&] { return !receiver_.requests().empty(); }));
  outputs_.Add("metrics of the store", Scraped(store.process()).text());
  outputs_.Add("metrics of the planner", Scraped(planner.process()).text());
  for (auto* process : {&store.process(), &planner.process()}) {
    process->Signal(SIGTERM);
    EXPECT_EQ(process->Wait(), 0);
    outputs_.Add("a log", *process);
  }
  AddSpans();
  outputs_.ExpectNoSecrets();
}

TEST_F(SecretsTest, NoSecretComesOutOfAStartThatFails) {
  const auto key = KeyThatIsNone();
  Fails("mistakes", {{"MAX_THREADS", "none"}, {"LOG_FORMAT", "xml"}});
  Fails("a wrong password", {{"DATABASE_URL", server_.Url(database_.name(), "teller", std::string(kPassword) + "x")}});
  Fails("no such database", {{"DATABASE_URL", server_.Url("nowhere", "teller", kPassword)}});
  Fails("a malformed URL", {{"DATABASE_URL", std::string("postgresql://teller:") + kPassword + "@[::1/x?y=z"}});
  Fails("an address that is none", {{"METRICS_ADDRESS", "nonsense"}});
  Fails("an address of the collector with a password",
        {{"OTEL_EXPORTER_OTLP_ENDPOINT", std::string("http://teller:") + kPassword + "@127.0.0.1:4318"}});
  Fails("a key that is none", {{"TLS_CERT_FILE", key}, {"TLS_KEY_FILE", key}, {"METRICS_ADDRESS", "nonsense"}});
  outputs_.ExpectNoSecrets();
}

TEST_F(SecretsTest, NoSecretComesOutOfTheCommandLine) {
  database_.Psql("GRANT ALL ON SCHEMA public TO teller; CREATE EXTENSION pg_trgm");
  const auto data = "json:" + data_.environment().at("DATA_DIR");
  const auto move = [&](const std::string& to) { return Loadline({"migrate-data", "--from", data, "--to", to}); };
  EXPECT_EQ(move(Url()), 0);
  EXPECT_NE(move(server_.Url("nowhere", "teller", kPassword)), 0);
  EXPECT_NE(move(server_.Url(database_.name(), "teller", std::string(kPassword) + "x")), 0);
  EXPECT_NE(move(std::string("postgresql://teller:") + kPassword + "@[::1/x?y=z"), 0);
  EXPECT_NE(move(std::string("mysql://teller:") + kPassword + "@127.0.0.1/x"), 0);
  EXPECT_NE(Loadline({"list", "models", "--tls-ca", KeyThatIsNone(), "--tls-key", KeyThatIsNone()}), 0);
  outputs_.ExpectNoSecrets();
}

}  // namespace
}  // namespace loadline::testing
