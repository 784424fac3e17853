#include "cli/importers/itl_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Reading;
using domain::Statistic;

constexpr double kMinItlOverTpot = 0.8;
constexpr double kMaxItlOverTpot = 1.25;
constexpr double kMinMedianOverMean = 0.2;

bool GapsAreOfChunks(const Measurement& m) {
  const Reading itl = m.itl[Statistic::kMean];
  const Reading tpot = m.tpot[Statistic::kMean];
  const Reading median = m.itl[Statistic::kP50];
  if (itl && median && *median < kMinMedianOverMean * *itl) return true;
  if (!itl || !tpot || !(*tpot > 0)) return m.itl.empty();
  const double ratio = *itl / *tpot;
  return ratio < kMinItlOverTpot || ratio > kMaxItlOverTpot;
}

bool TpotCounts(ItlFrom from, const Measurement& m) {
  if (m.tpot.empty() || from == ItlFrom::kGaps) return false;
  return from == ItlFrom::kTpot || GapsAreOfChunks(m);
}

std::string SourceOf(const ImportedRow& row, const std::string& field) {
  const auto found = std::find_if(row.sources.begin(), row.sources.end(),
                                  [&](const NumberSource& source) { return source.field == field; });
  return found == row.sources.end() ? std::string() : found->from;
}

/// Copies the latencies `from` to `to`, `why` behind their sources.
void Copy(LatencyOf from, LatencyOf to, const std::string& why, ImportedRow& row) {
  const nlohmann::json nothing;
  RowReader reader(nothing, row);
  for (const Statistic statistic : domain::kStatistics) {
    const Field source(from, statistic);
    reader.Derive({to, statistic}, source.In(row.measurement), SourceOf(row, source.Name()) + why);
  }
}

/// The gaps stay beside ITL under their own name.
void TakeTpot(ImportedRow& row) {
  Copy(&Measurement::itl, &Measurement::chunk_gap, "", row);
  Drop(&Measurement::itl, row);
  Copy(&Measurement::tpot, &Measurement::itl, ", for the gaps are of several tokens", row);
}

}  // namespace

void ChooseItl(ItlFrom from, ImportedRow& row) {
  if (!TpotCounts(from, row.measurement)) return;
  if (const Reading gap = row.measurement.itl[Statistic::kMean]) {
    row.warnings.push_back(fmt::format(
        "ITL is the time per output token: the gaps between chunks, {:.4g} ms on average, are of several tokens",
        *gap));
  }
  TakeTpot(row);
}

}  // namespace loadline::cli
