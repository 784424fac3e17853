#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::json {

/// One field of a row: its names, and where its value lives in a measurement.
/// `names.front()` is today's name, which is written; all are read, and the
/// first that is present wins.
template <typename T>
struct RowField {
  std::vector<std::string> names;
  std::function<T&(domain::Measurement&)> target;
};

const std::vector<RowField<std::string>>& TextFields();
const std::vector<RowField<domain::Reading>>& NumberFields();
const std::vector<RowField<std::optional<std::int64_t>>>& CountFields();

}  // namespace loadline::json
