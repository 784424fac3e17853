#pragma once

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Decides which latency a row's ITL is, where `itl` holds the raw gaps between
/// chunks and `tpot` the time per output token of each request. Automatically
/// it is TPOT where there are no gaps, where the mean gap is below 0.8 or above
/// 1.25 times the mean TPOT, or where the median gap is below a fifth of the
/// mean gap: then chunks hold several tokens. TPOT stays beside it, and
/// the gaps do as `chunk_gap`.
void ChooseItl(ItlFrom from, ImportedRow& row);

}  // namespace loadline::cli
