#pragma once

#include <optional>
#include <string>

namespace loadline::telemetry {

/// When the first certificate of a PEM file expires, seconds since 1970;
/// nullopt where there is none that can be read.
std::optional<double> CertificateExpiry(const std::string& pem_file);

}  // namespace loadline::telemetry
