#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/error.h"
#include "libs/rpc/credentials.h"
#include "libs/rpc/pipeline.h"
#include "libs/service/settings.h"

/// Whom a program believes, and what it shows to others.
namespace loadline::service {

/// The files that the settings name.
rpc::TlsFiles ServerFiles(const TlsSettings& tls);

/// What is wrong with the addresses, and with the settings of TLS and the files
/// that they name: plaintext beyond this machine that nobody allowed, a file
/// that cannot be used, callers without certificates.
std::vector<base::FieldViolation> CheckTransport(const Settings& settings, base::Timestamp now);

/// The certificates of the server; null for plaintext, which is logged as a
/// warning where others can listen. Fails like `rpc::Credentials::Open`.
base::Result<std::unique_ptr<rpc::Credentials>> OpenTransport(const Settings& settings, const base::Clock& clock);

/// `guards` behind the one that refuses callers who are not in
/// `allowed_callers`; just `guards` where that names none.
std::vector<std::shared_ptr<const rpc::Stage>> BehindCallers(const TlsSettings& tls,
                                                             std::vector<std::shared_ptr<const rpc::Stage>> guards);

}  // namespace loadline::service
