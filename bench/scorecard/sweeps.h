#pragma once

#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"

namespace loadline::bench {

/// The benchmarks of all `sweep-i<input>-o<output>*.json` in a folder (GuideLLM
/// rows of one model), by shape: those that import accepts, without the
/// `throughput` runs. The file's name says the nominal lengths. Fails if the
/// folder has none or one cannot be read.
base::Result<std::vector<domain::Benchmark>> ReadSweeps(const std::string& folder);

}  // namespace loadline::bench
