#include "libs/rpc/tls_files.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "libs/base/free_with.h"

namespace loadline::rpc {
namespace {

// A bundle of all public CAs has a quarter of this.
constexpr std::size_t kMaxFileBytes = 1 << 20;
// A folder that is swapped between two reads gives an old certificate and a new
// key: a mistake counts once two looks agree.
constexpr int kLooksAgain = 3;

using base::FreeWith;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

/// Collects what is wrong with which file.
class Mistakes {
 public:
  void Add(const TlsFile& file, const std::string& description) {
    violations_.push_back({file.setting, fmt::format("{} {}", file.path, description)});
  }
  void Missing(const TlsFile& file, const TlsFile& other) {
    violations_.push_back({file.setting, fmt::format("is not set, and {} is: give both or neither", other.setting)});
  }
  bool empty() const { return violations_.empty(); }
  base::Error ToError() && { return base::InvalidArgument(std::move(violations_)); }

 private:
  std::vector<base::FieldViolation> violations_;
};

Bio ReadOnly(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string TextOf(const Bio& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::optional<std::string> Content(const TlsFile& file, Mistakes& mistakes) {
  std::ifstream stream(file.path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || !stream.is_open() || (stream.fail() && !stream.eof())) {
    mistakes.Add(file, fmt::format("cannot be read: {}", std::strerror(errno)));
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() <= kMaxFileBytes) return text;
  mistakes.Add(file, fmt::format("is larger than {} bytes: is it the right file?", kMaxFileBytes));
  return std::nullopt;
}

// All certificates of a PEM text; empty if one of them is malformed.
std::vector<Certificate> ParseCertificates(std::string_view text) {
  const Bio bio = ReadOnly(text);
  std::vector<Certificate> certificates;
  ERR_clear_error();
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) certificates.clear();
  return certificates;
}

std::vector<Certificate> Certificates(const TlsFile& file, Mistakes& mistakes) {
  const auto text = Content(file, mistakes);
  if (!text) return {};
  auto certificates = ParseCertificates(*text);
  if (certificates.empty())
    mistakes.Add(file, "holds no certificate in PEM (-----BEGIN CERTIFICATE-----), or a broken one");
  return certificates;
}

// Without it OpenSSL would ask for a password on the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

Key PrivateKey(const TlsFile& file, Mistakes& mistakes) {
  const auto text = Content(file, mistakes);
  if (!text) return nullptr;
  Key key(PEM_read_bio_PrivateKey(ReadOnly(*text).get(), nullptr, NoPassword, nullptr));
  ERR_clear_error();
  if (!key) mistakes.Add(file, "holds no private key in PEM (-----BEGIN PRIVATE KEY-----) without a password");
  return key;
}

base::Timestamp TimeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  ASN1_TIME_to_tm(time, &parts);
  return base::Timestamp(std::chrono::seconds(::timegm(&parts)));
}

base::Timestamp ExpiryOf(const Certificate& certificate) { return TimeOf(X509_get0_notAfter(certificate.get())); }

bool Valid(const Certificate& certificate, base::Timestamp now) {
  return TimeOf(X509_get0_notBefore(certificate.get())) <= now && now < ExpiryOf(certificate);
}

void CheckTime(const TlsFile& file, const Certificate& certificate, base::Timestamp now, Mistakes& mistakes) {
  const auto from = TimeOf(X509_get0_notBefore(certificate.get()));
  if (now < from) mistakes.Add(file, fmt::format("is valid from {} on only", Iso(from)));
  const auto until = ExpiryOf(certificate);
  if (now >= until) mistakes.Add(file, fmt::format("has expired at {}; issue a new certificate", Iso(until)));
}

std::string Pem(const std::vector<Certificate>& certificates) {
  const Bio bio(BIO_new(BIO_s_mem()));
  for (const auto& certificate : certificates) PEM_write_bio_X509(bio.get(), certificate.get());
  return TextOf(bio);
}

std::string Pem(const Key& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio);
}

void CheckMatch(const TlsFiles& files, const Certificate& certificate, const Key& key, Mistakes& mistakes) {
  const bool match = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!match) mistakes.Add(files.key, fmt::format("is not the key of the certificate in {}", files.certificate.path));
}

void ReadIdentity(const TlsFiles& files, base::Timestamp now, TlsMaterial& material, Mistakes& mistakes) {
  if (files.key.path.empty()) return mistakes.Missing(files.key, files.certificate);
  if (files.certificate.path.empty()) return mistakes.Missing(files.certificate, files.key);
  const auto chain = Certificates(files.certificate, mistakes);
  const auto key = PrivateKey(files.key, mistakes);
  if (!chain.empty()) CheckTime(files.certificate, chain.front(), now, mistakes);
  if (chain.empty() || !key) return;
  CheckMatch(files, chain.front(), key, mistakes);
  material.identity = Pem(key) + Pem(chain);
  material.expires = ExpiryOf(chain.front());
}

// While a CA is replaced its bundle holds the old one too, which may have expired.
void ReadTrusted(const TlsFile& file, base::Timestamp now, TlsMaterial& material, Mistakes& mistakes) {
  const auto cas = Certificates(file, mistakes);
  if (cas.empty()) return;
  const auto valid = [&](const Certificate& ca) { return Valid(ca, now); };
  if (std::none_of(cas.begin(), cas.end(), valid)) CheckTime(file, cas.front(), now, mistakes);
  material.trusted = Pem(cas);
}

base::Result<TlsMaterial> ReadOnce(const TlsFiles& files, base::Timestamp now) {
  TlsMaterial material;
  Mistakes mistakes;
  if (!files.certificate.path.empty() || !files.key.path.empty()) ReadIdentity(files, now, material, mistakes);
  if (!files.ca.path.empty()) ReadTrusted(files.ca, now, material, mistakes);
  if (!mistakes.empty()) return base::Fail(std::move(mistakes).ToError());
  return material;
}

}  // namespace

std::string Iso(base::Timestamp time) {
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

base::Result<TlsMaterial> ReadTls(const TlsFiles& files, base::Timestamp now) {
  auto material = ReadOnce(files, now);
  for (int again = 0; !material && again < kLooksAgain; ++again) {
    const auto mistakes = material.error().message;
    material = ReadOnce(files, now);
    if (!material && material.error().message == mistakes) break;
  }
  return material;
}

}  // namespace loadline::rpc
