#include "libs/testing/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "libs/base/free_with.h"

namespace loadline::testing {
namespace {

using base::FreeWith;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

void Must(bool done, const char* what) {
  if (!done)
    throw std::runtime_error(std::string("cannot ") + what + ": " + ERR_error_string(ERR_get_error(), nullptr));
}

Key MakeKey() {
  Key key(EVP_EC_gen("P-256"));
  Must(key != nullptr, "make a key");
  return key;
}

template <typename Write>
std::string Pem(const Write& write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Must(write(bio.get()) == 1, "write PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

PemPair ToPem(const Certificate& certificate, const Key& key) {
  return {.certificate = Pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
          .key = Pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

void SetSerial(X509* certificate) {
  std::uint64_t serial = 0;
  Must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1, "draw a serial number");
  Must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1, "set a serial number");
}

void Extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  Must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value.c_str());
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

// All but the issuer and the signature.
Certificate Describe(const CertificateOf& owner, const Key& key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  SetSerial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), owner.valid_from.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), owner.valid_until.count());
  X509_set_pubkey(certificate.get(), key.get());
  const auto* name = reinterpret_cast<const unsigned char*>(owner.name.c_str());
  Must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1,
       "name a certificate");
  if (!owner.also.empty()) Extend(certificate.get(), nullptr, NID_subject_alt_name, Joined(owner.also));
  return certificate;
}

void Sign(X509* certificate, X509* issuer, const Key& issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  Must(X509_sign(certificate, issuer_key.get(), EVP_sha256()) != 0, "sign a certificate");
}

}  // namespace

struct CertificateAuthority::Parts {
  Key key;
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority(const CertificateOf& itself) : parts_(std::make_unique<Parts>()) {
  parts_->key = MakeKey();
  parts_->certificate = Describe(itself, parts_->key);
  auto* own = parts_->certificate.get();
  Extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  Extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  Sign(own, own, parts_->key);
  own_ = ToPem(parts_->certificate, parts_->key);
}

CertificateAuthority::~CertificateAuthority() = default;

PemPair CertificateAuthority::Issue(const CertificateOf& owner) const {
  const auto key = MakeKey();
  const auto certificate = Describe(owner, key);
  auto* issuer = parts_->certificate.get();
  Extend(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  Extend(certificate.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  Sign(certificate.get(), issuer, parts_->key);
  return ToPem(certificate, key);
}

SecretVolume::SecretVolume(std::filesystem::path folder, const Files& files) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  Replace(files);
  for (const auto& [name, content] : files) std::filesystem::create_symlink("..data/" + name, folder_ / name);
}

void SecretVolume::Replace(const Files& files) {
  const auto version = "..2026_" + std::to_string(++version_);
  std::filesystem::create_directory(folder_ / version);
  for (const auto& [name, content] : files) {
    if (!(std::ofstream(folder_ / version / name) << content)) throw std::runtime_error("cannot write " + name);
  }
  std::filesystem::create_directory_symlink(version, folder_ / "..data_tmp");
  std::filesystem::rename(folder_ / "..data_tmp", folder_ / "..data");
}

SecretVolume::Files TlsSecret(const PemPair& pair, const std::string& ca) {
  return {{"tls.crt", pair.certificate}, {"tls.key", pair.key}, {"ca.crt", ca}};
}

}  // namespace loadline::testing
