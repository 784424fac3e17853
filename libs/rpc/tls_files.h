#pragma once

#include <string>

#include "libs/base/clock.h"
#include "libs/base/result.h"

namespace loadline::rpc {

/// A file, and the setting that names it: `TLS_CERT_FILE`, `--tls-cert`.
struct TlsFile {
  std::string setting = {};
  /// Empty: there is none.
  std::string path = {};
};

/// Who we are, and whom we trust; all files are PEM.
struct TlsFiles {
  /// Our certificate, then those between it and its CA. With `key` or not at all.
  TlsFile certificate = {};
  /// The certificate's private key, without a password.
  TlsFile key = {};
  /// The CAs that a peer's certificate must be signed by.
  TlsFile ca = {};
};

/// What the files hold, ready for use.
struct TlsMaterial {
  /// The private key, then our certificate and its chain; empty where there is none.
  std::string identity = {};
  /// The CAs; empty where there are none.
  std::string trusted = {};
  /// When our certificate expires; the epoch where there is none.
  base::Timestamp expires = {};

  friend bool operator==(const TlsMaterial&, const TlsMaterial&) = default;
};

/// "2026-03-01T12:30:00Z".
std::string Iso(base::Timestamp time);

/// Reads and checks all files. Fails with `kInvalidArgument` and one violation,
/// named after its setting, for each that is missing, is no PEM, has expired by
/// `now` or is not valid yet, and for a key that is not the certificate's.
base::Result<TlsMaterial> ReadTls(const TlsFiles& files, base::Timestamp now);

}  // namespace loadline::rpc
