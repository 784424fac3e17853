#pragma once

namespace loadline::cli {

/// What `loadline` tells a script.
enum class ExitStatus {
  kDone = 0,
  kNoFeasiblePlan = 1,
  /// The arguments, a file or what was asked for is wrong: repeating is useless.
  kBadInput = 2,
  /// A service cannot be reached or cannot answer: repeating may help.
  kUnreachable = 3,
  /// Data was moved, and the two sides are not the same.
  kDifferent = 4,
};

}  // namespace loadline::cli
