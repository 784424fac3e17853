#include "services/planner/planner_app.h"

#include "libs/base/clock.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/load_shedding.h"
#include "libs/rpc/log.h"
#include "libs/service/host.h"
#include "libs/service/transport.h"
#include "libs/telemetry/certificate_metrics.h"
#include "libs/telemetry/connection_metrics.h"
#include "libs/telemetry/metrics_server.h"
#include "libs/telemetry/telemetry.h"
#include "services/planner/api/planner_handler.h"
#include "services/planner/evidence/evidence_cache.h"
#include "services/planner/evidence/store_client/grpc_evidence_store.h"
#include "services/planner/planner_metrics.h"

namespace loadline::planner {
namespace {

constexpr char kPlannerService[] = "loadline.planner.v1.PlannerService";

EvidenceOptions OptionsOf(const Config& config, const base::Clock& clock) {
  // Planners that lose the store together do not come back together.
  const auto seed = static_cast<std::uint32_t>(clock.Now().time_since_epoch().count());
  return {.max_bytes = config.evidence_max_bytes,
          .max_age = config.evidence_max_age,
          .loads = {.timeout = config.store_timeout},
          .watch = {.seed = seed}};
}

// Null for plaintext.
base::Result<std::unique_ptr<rpc::Credentials>> OpenStoreCredentials(const Config& config, const base::Clock& clock) {
  if (config.store_ca_file.empty()) return nullptr;
  return rpc::Credentials::Open(StoreFiles(config), config.service.tls.refresh, clock);
}

rpc::ChannelSecurity SecurityOf(const rpc::Credentials* credentials, const std::string& server_name) {
  if (credentials == nullptr) return {};
  return {.credentials = credentials->ForChannels(), .server_name = server_name};
}

rpc::ClientTls TlsOf(const Config& config) {
  return {.used = !config.store_ca_file.empty(),
          .has_certificate = !config.service.tls.cert_file.empty(),
          .ca_setting = "BENCHMARK_STORE_CA_FILE",
          .certificate_setting = "TLS_CERT_FILE and TLS_KEY_FILE",
          .name_setting = "BENCHMARK_STORE_SERVER_NAME"};
}

// Ends the evidence's threads, which talk to the server, before the server goes:
// also when an exception ends the serving.
class StopEvidence {
 public:
  explicit StopEvidence(EvidenceCache& evidence) : evidence_(evidence) {}
  ~StopEvidence() { evidence_.Stop(); }
  StopEvidence(const StopEvidence&) = delete;
  StopEvidence& operator=(const StopEvidence&) = delete;

 private:
  EvidenceCache& evidence_;
};

}  // namespace

base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop) {
  service::LogConfig(config.effective);
  const base::SystemClock clock;
  const telemetry::Telemetry telemetry(config.service, "planner", {kPlannerService}, clock);
  LOADLINE_ASSIGN_OR_RETURN(const auto credentials, service::OpenTransport(config.service, clock));
  LOADLINE_ASSIGN_OR_RETURN(const auto store_credentials, OpenStoreCredentials(config, clock));
  const auto security = SecurityOf(store_credentials.get(), config.store_server_name);
  const auto store =
      MakeGrpcEvidenceStore([&] { return rpc::MakeChannel(config.store_address, security); }, {.tls = TlsOf(config)});
  EvidenceCache evidence(*store, clock, OptionsOf(config, clock));
  const auto room = rpc::LoadShedding(config.service.limits.max_threads);
  const auto pipeline = rpc::MakePipeline(
      clock, config.service.max_call,
      {.observers = telemetry.observers(), .guards = service::BehindCallers(config.service.tls, {room})});
  PlannerHandler handler(evidence, pipeline);

  LOADLINE_ASSIGN_OR_RETURN(const auto host,
                            service::Host::Start(config.service,
                                                 {.service_names = {kPlannerService},
                                                  .credentials = credentials ? credentials->ForServer() : nullptr,
                                                  .longest_call = config.service.max_call},
                                                 {&handler}));
  LOADLINE_ASSIGN_OR_RETURN(
      const auto metrics, telemetry::ServeMetrics(config.service.metrics_address, [&] {
        return telemetry::Joined({telemetry.Collect(), telemetry::CertificateMetrics(credentials.get()),
                                  telemetry::ConnectionMetrics(host->server().connections()),
                                  EvidenceMetrics(evidence.stats()), AnswerMetrics(handler.answers())});
      }));
  const StopEvidence stop_evidence(evidence);
  evidence.Start([&host](bool ready) {
    rpc::Log(rpc::LogLevel::kInfo, ready ? "serving" : "not_serving");
    host->SetReady(ready);
  });
  host->Run(await_stop);
  return {};
}

}  // namespace loadline::planner
