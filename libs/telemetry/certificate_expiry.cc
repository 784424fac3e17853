#include "libs/telemetry/certificate_expiry.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace loadline::telemetry {

std::optional<double> CertificateExpiry(const std::string& pem_file) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(BIO_new_file(pem_file.c_str(), "r"), &BIO_free_all);
  if (!file) return std::nullopt;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  std::tm expiry{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &expiry) != 1) return std::nullopt;
  return static_cast<double>(timegm(&expiry));
}

}  // namespace loadline::telemetry
