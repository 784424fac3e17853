#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "libs/base/error.h"

namespace loadline::base {

/// A value, or why there is none.
template <typename T>
using Result = tl::expected<T, Error>;

/// Success without a value, or why it failed.
using Status = tl::expected<void, Error>;

/// Makes the failed state of any `Result`.
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace loadline::base

#define LOADLINE_CONCAT_INNER(a, b) a##b
#define LOADLINE_CONCAT(a, b) LOADLINE_CONCAT_INNER(a, b)
// `target` may declare a variable, so it cannot be in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define LOADLINE_ASSIGN_OR_RETURN_INNER(result, target, expression)      \
  auto result = (expression);                                            \
  if (!result) return ::loadline::base::Fail(std::move(result).error()); \
  target = std::move(*result)
// NOLINTEND(bugprone-macro-parentheses)

/// Evaluates `expression`, a Result<T>; assigns its value to `target` or
/// returns its error from the enclosing function.
#define LOADLINE_ASSIGN_OR_RETURN(target, expression) \
  LOADLINE_ASSIGN_OR_RETURN_INNER(LOADLINE_CONCAT(result_, __LINE__), target, expression)

/// Evaluates `expression`, a Status, and returns its error, if any.
#define LOADLINE_RETURN_IF_ERROR(expression)                                                              \
  do {                                                                                                    \
    if (auto status_ = (expression); !status_) return ::loadline::base::Fail(std::move(status_).error()); \
  } while (false)
