#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>

#include "libs/testing/certificates.h"
#include "libs/testing/wait.h"
#include "tests/e2e/world.h"

/// The built programs, which prove to each other who they are.
namespace loadline::e2e {
namespace {

using ::testing::AllOf;
using testing::CertificateAuthority;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SecretVolume;
using testing::TlsSecret;

constexpr char kStore[] = "spiffe://loadline/benchmark-store";
constexpr char kPlanner[] = "spiffe://loadline/planner";
constexpr char kAnn[] = "spiffe://loadline/people/ann";
constexpr char kStranger[] = "spiffe://elsewhere/bob";

using Environment = std::map<std::string, std::string>;

SecretVolume::Files SecretOf(const CertificateAuthority& ca, const std::string& uri, const std::string& trusted) {
  return TlsSecret(ca.Issue({.name = "loadline", .also = {"DNS:localhost", "IP:127.0.0.1", "URI:" + uri}}), trusted);
}

/// A store that lets in the planner and people, and a planner that lets in people.
class MutualTls : public ::testing::Test {
 protected:
  MutualTls() {
    std::filesystem::copy(Source("data"), folder_ / "data", std::filesystem::copy_options::recursive);
    store_ = Start("benchmark-store", store_files_,
                   {{"DATA_DIR", "data"}, {"ALLOWED_CALLERS", std::string(kPlanner) + ",spiffe://loadline/people/*"}});
    const auto store_address = "127.0.0.1:" + std::to_string(store_->Port());
    planner_ = Start("planner", planner_files_,
                     {{"BENCHMARK_STORE_ADDRESS", store_address},
                      {"BENCHMARK_STORE_CA_FILE", planner_files_ / "ca.crt"},
                      {"ALLOWED_CALLERS", "spiffe://loadline/people/*"}});
    addresses_ = {{"LOADLINE_STORE", store_address},
                  {"LOADLINE_PLANNER", "127.0.0.1:" + std::to_string(planner_->Port())}};
    EXPECT_TRUE(planner_->WaitForEvent("serving")) << planner_->ErrorOutput();
  }

  std::unique_ptr<testing::Process> Start(const std::string& program, const SecretVolume& files,
                                          Environment environment) const {
    environment.insert({{"LISTEN_ADDRESS", "127.0.0.1:0"},
                        {"TLS_CERT_FILE", files / "tls.crt"},
                        {"TLS_KEY_FILE", files / "tls.key"},
                        {"TLS_CLIENT_CA_FILE", files / "ca.crt"},
                        {"TLS_REFRESH_MS", "1000"},
                        {"LOG_LEVEL", "debug"}});
    return std::make_unique<testing::Process>(testing::ProcessOptions{
        .binary = World::Binary(program), .environment = environment, .folder = folder_.path()});
  }

  // `tls` are the variables of the command line.
  Outcome Loadline(const std::vector<std::string>& arguments, Environment tls) const {
    tls.insert(addresses_.begin(), addresses_.end());
    testing::Process run({.binary = World::Binary("loadline"), .arguments = arguments, .environment = tls});
    const int status = run.Wait().value_or(-1);
    return {.status = status, .out = run.Output(), .error = run.ErrorOutput()};
  }
  static Environment As(const SecretVolume& files) {
    return {{"LOADLINE_TLS_CA", files / "ca.crt"},
            {"LOADLINE_TLS_CERT", files / "tls.crt"},
            {"LOADLINE_TLS_KEY", files / "tls.key"}};
  }
  static std::vector<std::string> Plan() { return {"plan", "--use-case", "chatbot", "--rps", "20"}; }
  static std::vector<std::string> List() { return {"list", "models"}; }

  const testing::TempDir folder_;
  const CertificateAuthority ca_;
  const CertificateAuthority other_ca_{{.name = "other CA"}};
  SecretVolume store_files_{folder_ / "store", SecretOf(ca_, kStore, ca_.certificate())};
  SecretVolume planner_files_{folder_ / "planner", SecretOf(ca_, kPlanner, ca_.certificate())};
  const SecretVolume ann_{folder_ / "ann", SecretOf(ca_, kAnn, ca_.certificate())};
  std::unique_ptr<testing::Process> store_;
  std::unique_ptr<testing::Process> planner_;
  Environment addresses_;
};

TEST_F(MutualTls, APlanIsMadeAndTheLogsSayForWhom) {
  const auto plan = Loadline(Plan(), As(ann_));
  EXPECT_EQ(plan.status, 0) << plan.error;
  EXPECT_THAT(plan.out, HasSubstr("H100"));
  EXPECT_THAT(planner_->ErrorOutput(), HasSubstr(std::string(R"("caller":")") + kAnn));
  EXPECT_THAT(store_->ErrorOutput(), HasSubstr(std::string(R"("caller":")") + kPlanner));
}

TEST_F(MutualTls, FlagsDoWhatVariablesDo) {
  const std::vector<std::string> arguments = {"list",       "models",         "--tls-ca",  ann_ / "ca.crt",
                                              "--tls-cert", ann_ / "tls.crt", "--tls-key", ann_ / "tls.key"};
  EXPECT_EQ(Loadline(arguments, {}).status, 0);
}

TEST_F(MutualTls, PlaintextIsToldToUseTls) {
  const auto run = Loadline(List(), {});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("--tls-ca"));
}

TEST_F(MutualTls, WhoHasNoCertificateIsToldToGiveOne) {
  const auto run = Loadline(List(), {{"LOADLINE_TLS_CA", ann_ / "ca.crt"}});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, AllOf(HasSubstr("--tls-cert"), HasSubstr("--tls-key")));
}

TEST_F(MutualTls, AServerOfAnotherCaIsNotBelieved) {
  const SecretVolume files(folder_ / "elsewhere", SecretOf(ca_, kAnn, other_ca_.certificate()));
  const auto run = Loadline(List(), As(files));
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, AllOf(HasSubstr("is not signed by"), HasSubstr("--tls-ca")));
}

TEST_F(MutualTls, ACertificateOfAnotherCaIsRefused) {
  const SecretVolume files(folder_ / "bob", SecretOf(other_ca_, kAnn, ca_.certificate()));
  const auto run = Loadline(List(), As(files));
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("--tls-cert"));
}

TEST_F(MutualTls, AServerOfAnotherNameIsNotBelieved) {
  auto tls = As(ann_);
  tls["LOADLINE_TLS_SERVER_NAME"] = "store.example";
  const auto run = Loadline(List(), tls);
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("--tls-server-name"));
}

TEST_F(MutualTls, ACallerWhoIsNotNamedIsRefusedAndLogged) {
  const SecretVolume files(folder_ / "bob", SecretOf(ca_, kStranger, ca_.certificate()));
  const auto run = Loadline(List(), As(files));
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr(kStranger), HasSubstr("ALLOWED_CALLERS")));
  const auto call = store_->WaitForEvent("call");
  ASSERT_TRUE(call);
  EXPECT_THAT(store_->ErrorOutput(), HasSubstr("CALLER_NOT_ALLOWED"));
}

TEST_F(MutualTls, ANewCaIsTakenWithoutARestart) {
  store_files_.Replace(SecretOf(other_ca_, kStore, other_ca_.certificate()));
  planner_files_.Replace(SecretOf(other_ca_, kPlanner, other_ca_.certificate()));
  EXPECT_TRUE(store_->WaitForEvent("tls_files_replaced"));
  EXPECT_TRUE(planner_->WaitForEvent("tls_files_replaced"));
  const SecretVolume ann(folder_ / "new ann", SecretOf(other_ca_, kAnn, other_ca_.certificate()));
  EXPECT_TRUE(testing::WaitFor([&] { return Loadline(List(), As(ann)).status == 0; }));
  EXPECT_TRUE(testing::WaitFor([&] { return Loadline(Plan(), As(ann)).status == 0; }));
  EXPECT_EQ(Loadline(List(), As(ann_)).status, 3) << "the old CA is forgotten";
}

TEST(TlsAtTheStart, EveryMistakeIsNamedWithItsFile) {
  const testing::TempDir folder;
  const CertificateAuthority ca;
  const auto pair = ca.Issue({.valid_from = std::chrono::hours(-2), .valid_until = std::chrono::hours(-1)});
  testing::Process store({.binary = World::Binary("benchmark-store"),
                          .environment = {{"TLS_CERT_FILE", folder.Write("tls.crt", pair.certificate)},
                                          {"TLS_KEY_FILE", folder.Write("tls.key", ca.Issue({}).key)},
                                          {"TLS_CLIENT_CA_FILE", folder.Write("ca.crt", "no PEM")},
                                          {"ALLOWED_CALLERS", "planner"}}});
  EXPECT_EQ(store.Wait(), 2);
  for (const auto* word : {"TLS_CERT_FILE", "has expired", "TLS_KEY_FILE", "is not the key", "TLS_CLIENT_CA_FILE",
                           "ca.crt", "ALLOWED_CALLERS"}) {
    EXPECT_THAT(store.ErrorOutput(), HasSubstr(word));
  }
}

class PlaintextOnAllAddresses : public ::testing::TestWithParam<const char*> {};

TEST_P(PlaintextOnAllAddresses, IsRefusedWithBothWaysOut) {
  testing::Process program({.binary = World::Binary(GetParam()), .environment = {{"LISTEN_ADDRESS", "0.0.0.0:0"}}});
  EXPECT_EQ(program.Wait(), 2);
  EXPECT_THAT(program.ErrorOutput(), AllOf(HasSubstr("TLS_CERT_FILE"), HasSubstr("ALLOW_PLAINTEXT=true")));
}

TEST_P(PlaintextOnAllAddresses, IsServedWithAWarningWhereItIsAllowed) {
  testing::Process program({.binary = World::Binary(GetParam()),
                            .environment = {{"LISTEN_ADDRESS", "0.0.0.0:0"}, {"ALLOW_PLAINTEXT", "true"}},
                            .folder = Source(".")});
  EXPECT_GT(program.Port(), 0);
  const auto warning = program.WaitForEvent("plaintext");
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->at("level"), "warning");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Programs, PlaintextOnAllAddresses, ::testing::Values("benchmark-store", "planner"),
                         [](const auto& program) { return program.index == 0 ? "Store" : "Planner"; });

}  // namespace
}  // namespace loadline::e2e
