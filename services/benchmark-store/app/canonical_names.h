#pragma once

#include <string>
#include <vector>

#include "libs/domain/filter.h"
#include "libs/domain/judge.h"
#include "services/benchmark-store/app/repositories.h"

/// The one place where what people call hardware becomes its catalogue name.
namespace loadline::store {

/// Judges a row whose reader found `problems`, such as "ttft_mean: not a
/// number". A row with problems is never accepted; each is a reason
/// `UNREADABLE_VALUE`, and then nothing is said to be missing.
domain::Verdict JudgeRow(domain::Measurement measurement, const std::vector<std::string>& problems,
                         const Catalog& catalog);

/// `filter` with its hardware under the catalogue name.
base::Result<domain::BenchmarkFilter> WithCanonicalHardware(domain::BenchmarkFilter filter,
                                                            const CatalogRepository& catalog, const CallScope& scope);

}  // namespace loadline::store
