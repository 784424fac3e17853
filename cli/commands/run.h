#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace loadline::cli {

/// What the command line sees of the world around it.
struct Surroundings {
  /// An environment variable.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  /// The error stream is a terminal, so a progress bar can be drawn on it.
  bool error_is_terminal = false;
};

/// Runs `loadline` with `arguments` (without the program's name). Answers go to
/// `out`; errors, one a line, and progress go to `error`. Returns the exit
/// status (see ExitStatus).
int Run(const std::vector<std::string>& arguments, const Surroundings& surroundings, std::ostream& out,
        std::ostream& error);

}  // namespace loadline::cli
