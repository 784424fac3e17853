#include "libs/domain/benchmark.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "libs/base/sha256.h"
#include "libs/domain/text.h"

namespace loadline::domain {
namespace {

constexpr std::array<std::string_view, 5> kOriginNames = {"measured", "simulated", "interpolated", "estimated",
                                                          "synthetic"};
constexpr std::string_view kIdPrefix = "b-";
/// Changes when the layout below does, since all ids change with it.
constexpr std::uint64_t kLayout = 1;
constexpr std::size_t kUsualBytes = 640;

/// The bytes that identify a measurement: texts after their length, numbers in
/// 8 bytes, little-endian. Different measurements give different bytes.
class IdentityBytes {
 public:
  IdentityBytes() { bytes_.reserve(kUsualBytes); }

  void Add(std::uint64_t value) {
    std::array<char, 8> raw;
    for (char& byte : raw) {
      byte = static_cast<char>(value & 0xFFU);
      value >>= 8U;
    }
    bytes_.append(raw.data(), raw.size());
  }
  void Add(std::string_view text) {
    Add(std::uint64_t{text.size()});
    bytes_.append(text);
  }
  /// All ways to be absent are one NaN, and -0 is 0.
  void Add(Reading reading) {
    const double value = reading.value_or(std::numeric_limits<double>::quiet_NaN());
    Add(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
  }
  void Add(std::optional<std::int64_t> count) {
    Add(std::uint64_t{count.has_value()});
    Add(static_cast<std::uint64_t>(count.value_or(0)));
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

void Add(IdentityBytes& identity, const Configuration& configuration) {
  identity.Add(std::string_view(configuration.model));
  identity.Add(std::string_view(configuration.precision));
  identity.Add(std::string_view(configuration.hardware));
  identity.Add(static_cast<std::uint64_t>(configuration.hardware_count));
  identity.Add(std::string_view(configuration.framework));
  identity.Add(std::string_view(configuration.framework_version));
}

void Add(IdentityBytes& identity, const TokenLengths& lengths) {
  for (const Reading reading : {lengths.mean, lengths.nominal, lengths.stdev, lengths.min, lengths.max}) {
    identity.Add(reading);
  }
}

void Add(IdentityBytes& identity, const LatencySummary& latencies) {
  for (const Reading reading : latencies.values) identity.Add(reading);
}

std::optional<std::uint8_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

base::Error NotAnId(std::string_view text, std::string_view field) {
  return base::InvalidArgument(field, "must be `b-` and 24 hex digits in lower case, as listed; found " + Quoted(text));
}

Reading SideTokens(const TokenLengths& lengths, bool nominal) {
  if (nominal) return lengths.nominal;
  return lengths.mean ? Reading(std::max(1.0, std::round(*lengths.mean))) : lengths.nominal;
}

}  // namespace

std::string_view Name(Origin origin) { return kOriginNames[static_cast<std::size_t>(origin)]; }

std::optional<Origin> ParseOrigin(std::string_view text) {
  const auto found = std::find(kOriginNames.begin(), kOriginNames.end(), text);
  if (found == kOriginNames.end()) return std::nullopt;
  return static_cast<Origin>(found - kOriginNames.begin());
}

const LatencySummary& Measurement::operator[](Metric metric) const {
  switch (metric) {
    case Metric::kTtft: return ttft;
    case Metric::kItl: return itl;
    case Metric::kE2e: break;
  }
  return e2e;
}

LatencySummary& Measurement::operator[](Metric metric) {
  return const_cast<LatencySummary&>(std::as_const(*this)[metric]);
}

BenchmarkId BenchmarkId::Of(const Measurement& measurement) {
  IdentityBytes identity;
  identity.Add(kLayout);
  Add(identity, measurement.configuration);
  Add(identity, measurement.input_lengths);
  Add(identity, measurement.output_lengths);
  identity.Add(measurement.load.offered_rps);
  identity.Add(measurement.load.achieved_rps);
  identity.Add(measurement.load.concurrency);
  Add(identity, measurement.ttft);
  Add(identity, measurement.itl);
  Add(identity, measurement.e2e);
  Add(identity, measurement.tpot);
  identity.Add(measurement.tokens_per_second);
  identity.Add(measurement.completed_requests);
  identity.Add(measurement.failed_requests);
  identity.Add(measurement.measured_at
                   ? std::optional<std::int64_t>(measurement.measured_at->time_since_epoch().count())
                   : std::nullopt);
  identity.Add(std::string_view(measurement.provenance.source));
  identity.Add(static_cast<std::uint64_t>(measurement.provenance.origin));
  // Those that have none keep the ids that they had before there were any.
  if (!measurement.chunk_gap.empty()) Add(identity, measurement.chunk_gap);
  const base::Sha256Digest digest = base::Sha256(identity.bytes());
  BenchmarkId id;
  std::copy_n(digest.begin(), kBytes, id.bytes_.begin());
  return id;
}

base::Result<BenchmarkId> BenchmarkId::Parse(std::string_view text, std::string_view field) {
  if (text.size() != kIdPrefix.size() + 2 * kBytes || !text.starts_with(kIdPrefix)) {
    return base::Fail(NotAnId(text, field));
  }
  BenchmarkId id;
  for (std::size_t i = 0; i < kBytes; ++i) {
    const auto high = HexDigit(text[kIdPrefix.size() + 2 * i]);
    const auto low = HexDigit(text[kIdPrefix.size() + 2 * i + 1]);
    if (!high || !low) return base::Fail(NotAnId(text, field));
    id.bytes_[i] = static_cast<std::uint8_t>(*high * 16 + *low);
  }
  return id;
}

std::string BenchmarkId::ToString() const { return std::string(kIdPrefix) + base::Hex(bytes_.data(), kBytes); }

base::Result<TrafficShape> ShapeOf(const Measurement& measurement) {
  const bool nominal = measurement.input_lengths.nominal && measurement.output_lengths.nominal;
  return TrafficShape::Make(SideTokens(measurement.input_lengths, nominal).value_or(0),
                            SideTokens(measurement.output_lengths, nominal).value_or(0));
}

}  // namespace loadline::domain
