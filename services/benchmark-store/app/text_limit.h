#pragma once

#include "services/benchmark-store/app/import_benchmarks.h"

namespace loadline::store {

/// The most bytes that the store keeps of one text of an import.
inline constexpr std::size_t kMaxTextBytes = 1024;
/// The most problems that it keeps of one row.
inline constexpr std::size_t kMaxProblems = 20;

/// `row` with longer texts cut, between characters of UTF-8, so that one row
/// cannot take the memory of many, nor a page of them exceed a message.
ImportedRow WithinTextLimits(ImportedRow row);

}  // namespace loadline::store
