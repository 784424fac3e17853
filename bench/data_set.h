#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::bench {

/// The size of a generated data set. Curves are spread evenly over
/// configurations, and rows over curves.
struct DataSetSpec {
  int models = 1;
  int configurations = 1;
  int curves = 1;
  int rows = 1;
  std::uint64_t seed = 1;

  DataSetSpec ScaledDown(int by) const;
};

/// The name of the `index`th model.
std::string ModelName(int index);

/// A shape as teams measure them: half are of a grid, half are measured means.
domain::TrafficShape AnyShape(std::mt19937_64& random);

/// All rows of a data set: on each curve latency bends upwards with the load,
/// and the highest loads saturate. The same spec gives the same rows.
std::vector<domain::Measurement> MakeRows(const DataSetSpec& spec);

/// Writes the rows as a data file of benchmark-store.
void WriteDataFile(const DataSetSpec& spec, const std::filesystem::path& file);

}  // namespace loadline::bench
