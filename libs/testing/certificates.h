#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace loadline::testing {

/// What a certificate says of its owner, and how long.
struct CertificateOf {
  std::string name = "test";
  /// As OpenSSL writes them: "DNS:store", "IP:127.0.0.1", "URI:spiffe://loadline/planner".
  std::vector<std::string> also = {};
  /// From now.
  std::chrono::seconds valid_from = std::chrono::hours(-1);
  std::chrono::seconds valid_until = std::chrono::hours(24);
};

/// A certificate and its private key, both PEM.
struct PemPair {
  std::string certificate;
  std::string key;
};

/// Signs certificates with a key made at its start. Throws `std::runtime_error`
/// where OpenSSL fails.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const CertificateOf& itself = {.name = "test CA"});
  ~CertificateAuthority();

  /// PEM.
  const std::string& certificate() const { return own_.certificate; }
  PemPair Issue(const CertificateOf& owner) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  PemPair own_;
};

/// A folder of files that are replaced all at once, as Kubernetes mounts a
/// Secret: each file is a link into `..data`, which is a link to a folder.
class SecretVolume {
 public:
  using Files = std::map<std::string, std::string>;

  SecretVolume(std::filesystem::path folder, const Files& files);
  /// The same names, other contents.
  void Replace(const Files& files);
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
  int version_ = 0;
};

/// The files of a Secret of type kubernetes.io/tls with its CA: tls.crt,
/// tls.key and ca.crt.
SecretVolume::Files TlsSecret(const PemPair& pair, const std::string& ca);

}  // namespace loadline::testing
