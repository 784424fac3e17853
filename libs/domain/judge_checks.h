#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/domain/judge.h"

/// The parts of `Judge`. Each adds what speaks against a measurement.
namespace loadline::domain {

using Reasons = std::vector<QuarantineReason>;

/// MISSING_FIELD.
void CheckPresence(Reasons& reasons, const Measurement& row);

/// MALFORMED_TEXT.
void CheckTexts(Reasons& reasons, const Measurement& row);

/// NEGATIVE_VALUE, NOT_FINITE and OUT_OF_RANGE: each number for itself.
void CheckNumbers(Reasons& reasons, const Measurement& row);

/// The reasons that need two numbers or more. A number that is absent, or that
/// `CheckNumbers` refuses, is not compared.
void CheckRelations(Reasons& reasons, const Measurement& row);

inline void Report(Reasons& reasons, std::string_view reason, std::string_view field, std::string message) {
  reasons.push_back({std::string(reason), std::string(field), std::move(message)});
}

/// The reading where comparisons may use it: positive and finite.
inline Reading Sound(Reading reading) { return *reading > 0 && std::isfinite(*reading) ? reading : Reading(); }

}  // namespace loadline::domain
