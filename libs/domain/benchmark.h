#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "libs/domain/configuration.h"
#include "libs/domain/latency.h"
#include "libs/domain/reading.h"
#include "libs/domain/traffic_shape.h"

namespace loadline::domain {

/// The number of the store's last committed change; 0 means none.
using Revision = std::int64_t;

/// How the numbers of a benchmark came to be, strongest evidence first.
enum class Origin : std::uint8_t { kMeasured, kSimulated, kInterpolated, kEstimated, kSynthetic };

/// "measured", ...; the parser takes exactly these.
std::string_view Name(Origin origin);
std::optional<Origin> ParseOrigin(std::string_view text);

/// The lengths of one side of the requests, in tokens.
struct TokenLengths {
  Reading mean = {};
  Reading nominal = {};
  Reading stdev = {};
  Reading min = {};
  Reading max = {};

  friend bool operator==(const TokenLengths&, const TokenLengths&) = default;
};

/// The load of one benchmark.
struct Load {
  /// Requests/s that were offered; absent for closed-loop runs.
  Reading offered_rps = {};
  /// Requests/s that were achieved.
  Reading achieved_rps = {};
  /// Mean requests in flight, or the closed-loop limit.
  Reading concurrency = {};
  /// The deployment did not keep up, so this is no point of its capacity.
  bool saturated = false;

  friend bool operator==(const Load&, const Load&) = default;
};

/// Where a measurement came from. Not part of its identity.
struct Provenance {
  std::string source;
  Origin origin = Origin::kMeasured;
  std::string confidence_level;
  std::string format;
  std::string tool_version;
  std::string sha256;
  std::string path;

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// What a report says of one configuration at one load. Nothing is checked
/// yet: `Judge` (judge.h) decides whether it becomes a benchmark.
struct Measurement {
  Configuration configuration;
  TokenLengths input_lengths = {};
  TokenLengths output_lengths = {};
  Load load = {};
  LatencySummary ttft = {};
  LatencySummary itl = {};
  LatencySummary e2e = {};
  LatencySummary tpot = {};
  /// The gaps between chunks of streamed answers, where they are not the ITL
  /// since chunks hold several tokens. They may be 0; nothing follows from them.
  LatencySummary chunk_gap = {};
  /// Output tokens/s of the replica.
  Reading tokens_per_second = {};
  std::optional<std::int64_t> completed_requests = {};
  std::optional<std::int64_t> failed_requests = {};
  std::optional<base::Timestamp> measured_at = {};
  Provenance provenance = {};

  const LatencySummary& operator[](Metric metric) const;
  LatencySummary& operator[](Metric metric);

  friend bool operator==(const Measurement&, const Measurement&) = default;
};

/// Identifies a measurement by its content: "b-" and 24 hex digits. Provenance
/// other than `source` and `origin` does not count, so a report that was
/// renamed is still the same; nor does `load.saturated`, which is concluded.
/// Gaps between chunks count where there are any.
class BenchmarkId {
 public:
  static constexpr std::size_t kBytes = 12;

  /// The id of `measurement`.
  static BenchmarkId Of(const Measurement& measurement);
  /// Fails with a violation on `field`.
  static base::Result<BenchmarkId> Parse(std::string_view text, std::string_view field = "id");

  std::string ToString() const;
  const std::array<std::uint8_t, kBytes>& bytes() const { return bytes_; }

  // clang-tidy 14 takes the 0 of a comparison for a null pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const BenchmarkId&, const BenchmarkId&) = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_ = {};
};

/// A measurement that was judged and stored. Immutable.
struct Benchmark {
  BenchmarkId id;
  /// Identifies the load curve within the configuration; see `ShapeOf`.
  TrafficShape shape;
  Revision revision = 0;
  Measurement measurement;

  friend bool operator==(const Benchmark&, const Benchmark&) = default;
};

/// The shape whose load curve a measurement belongs to: the nominal lengths
/// where both are there, else the means rounded to whole tokens (at least 1),
/// with the nominal length for a side that has no mean. Fails where a side has
/// neither.
base::Result<TrafficShape> ShapeOf(const Measurement& measurement);

}  // namespace loadline::domain
