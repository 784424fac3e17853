#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "libs/base/result.h"

/// Matchers for results, and how gtest prints them.
///
///     ASSERT_THAT(repository.Get(id), IsOk());
///     EXPECT_THAT(repository.Models(scope), IsOkAnd(SizeIs(2)));
///     EXPECT_THAT(Slo::Parse("x"), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
///     EXPECT_THAT(Slo::Parse("x", "slo"), HasViolation("slo"));

namespace loadline::base {

inline void PrintTo(const FieldViolation& violation, std::ostream* out) {
  *out << violation.field << ": " << violation.description;
}

inline void PrintTo(const Error& error, std::ostream* out) {
  *out << Name(error.code) << " (" << error.reason << ") \"" << error.message << "\"";
  for (const auto& violation : error.violations)
    *out << " [" << violation.field << ": " << violation.description << "]";
  if (!error.detail.empty()) *out << " detail: " << error.detail;
}

}  // namespace loadline::base

namespace tl {

template <typename T>
void PrintTo(const expected<T, loadline::base::Error>& result, std::ostream* out) {
  if (result) {
    *out << "OK";
  } else {
    PrintTo(result.error(), out);
  }
}

}  // namespace tl

namespace loadline::testing {

inline const base::Error* ErrorOf(const base::Error& error) { return &error; }

template <typename T>
const base::Error* ErrorOf(const base::Result<T>& result) {
  return result ? nullptr : &result.error();
}

/// The result holds a value.
MATCHER(IsOk, negation ? "is an error" : "is OK") { return arg.has_value(); }

/// The result holds a value that matches.
MATCHER_P(IsOkAnd, matcher, std::string(negation ? "is an error or not" : "is OK and") + " what matches") {
  if (!arg.has_value()) {
    *result_listener << "which is " << ::testing::PrintToString(arg);
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

/// The result (or the error itself) has this code and reason.
MATCHER_P2(Fails, code, reason, "is " + std::string(base::Name(code)) + " (" + ::testing::PrintToString(reason) + ")") {
  const auto* error = ErrorOf(arg);
  return error != nullptr && error->code == code && error->reason == reason;
}

/// The result (or the error itself) has a violation on `field`.
MATCHER_P(HasViolation, field, "has a violation on " + ::testing::PrintToString(field)) {
  const auto* error = ErrorOf(arg);
  if (error == nullptr) return false;
  return std::any_of(error->violations.begin(), error->violations.end(),
                     [&](const base::FieldViolation& violation) { return violation.field == field; });
}

}  // namespace loadline::testing
