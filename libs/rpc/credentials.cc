#include "libs/rpc/credentials.h"

#include <fmt/format.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "libs/rpc/log.h"
#include "libs/rpc/memory_file.h"

namespace loadline::rpc {
namespace {

namespace tls = grpc::experimental;

// The shortest that gRPC offers.
constexpr unsigned kGrpcRefreshSeconds = 1;

}  // namespace

// gRPC's watcher takes over whatever it finds in the files: with a key that is
// not the certificate's it would refuse every connection. So it watches files
// in memory, into which we put what we have checked.
class Credentials::Watch {
 public:
  Watch(TlsFiles files, TlsMaterial material, std::chrono::milliseconds refresh, const base::Clock& clock)
      : files_(std::move(files)),
        clock_(clock),
        material_(std::move(material)),
        identity_(material_.identity),
        trusted_(material_.trusted) {
    if (refresh.count() > 0) thread_ = std::thread([this, refresh] { Follow(refresh); });
  }

  ~Watch() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool has_identity() const { return !files_.certificate.path.empty(); }
  bool has_trusted() const { return !files_.ca.path.empty(); }

  std::shared_ptr<tls::CertificateProviderInterface> Provider() const {
    const std::string identity = has_identity() ? identity_.path() : "";
    const std::string trusted = has_trusted() ? trusted_.path() : "";
    return std::make_shared<tls::FileWatcherCertificateProvider>(identity, identity, trusted, kGrpcRefreshSeconds);
  }

  base::Timestamp expires() const {
    const std::lock_guard lock(mutex_);
    return material_.expires;
  }

 private:
  void Follow(std::chrono::milliseconds refresh) {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, refresh, [this] { return stop_; })) {
      lock.unlock();
      auto found = ReadTls(files_, clock_.WallTime());
      lock.lock();
      found ? TryUse(std::move(*found)) : Keep(found.error().message);
    }
  }

  // What fails here is tried again at the next look, since `material_` is the old one.
  void TryUse(TlsMaterial found) {
    try {
      Use(std::move(found));
    } catch (const std::exception& failure) {
      Keep(fmt::format("cannot be used: {}", failure.what()));
    }
  }

  void Use(TlsMaterial found) {
    if (found == material_) return broken_.clear();
    if (found.identity != material_.identity) identity_.Replace(found.identity);
    if (found.trusted != material_.trusted) trusted_.Replace(found.trusted);
    material_ = std::move(found);
    broken_.clear();
    Log(LogLevel::kInfo, "tls_files_replaced", {{"files", Names()}, {"expires", Iso(material_.expires)}});
  }

  void Keep(const std::string& why) {
    if (std::exchange(broken_, why) == why) return;
    Log(LogLevel::kWarning, "tls_files_broken", {{"message", why}, {"in_use", "those read before"}});
  }

  std::string Names() const {
    std::string names;
    for (const auto* file : {&files_.certificate, &files_.key, &files_.ca}) {
      if (!file->path.empty()) names += (names.empty() ? "" : " ") + file->path;
    }
    return names;
  }

  const TlsFiles files_;
  const base::Clock& clock_;

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  TlsMaterial material_;
  // What was wrong at the last look, so that it is said once.
  std::string broken_;

  MemoryFile identity_;
  MemoryFile trusted_;
  std::thread thread_;
};

base::Result<std::unique_ptr<Credentials>> Credentials::Open(TlsFiles files, std::chrono::milliseconds refresh,
                                                             const base::Clock& clock) {
  LOADLINE_ASSIGN_OR_RETURN(auto material, ReadTls(files, clock.WallTime()));
  auto watch = std::make_unique<Watch>(std::move(files), std::move(material), refresh, clock);
  return std::unique_ptr<Credentials>(new Credentials(std::move(watch)));
}

Credentials::Credentials(std::unique_ptr<Watch> watch) : watch_(std::move(watch)) {}

Credentials::~Credentials() = default;

std::shared_ptr<grpc::ServerCredentials> Credentials::ForServer() const {
  tls::TlsServerCredentialsOptions options(watch_->Provider());
  options.watch_identity_key_cert_pairs();
  if (watch_->has_trusted()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> Credentials::ForChannels() const {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(watch_->Provider());
  options.watch_root_certs();
  if (watch_->has_identity()) options.watch_identity_key_cert_pairs();
  return tls::TlsCredentials(options);
}

base::Timestamp Credentials::expires() const { return watch_->expires(); }

}  // namespace loadline::rpc
