#include <unistd.h>

#include <exception>
#include <iostream>

#include "cli/client/quiet_grpc.h"
#include "cli/commands/exit_status.h"
#include "cli/commands/run.h"
#include "libs/base/environment.h"

int main(int argc, char** argv) try {
  loadline::cli::QuietGrpc();
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return loadline::cli::Run(arguments,
                            {.variable = loadline::base::FromProcess, .error_is_terminal = isatty(STDERR_FILENO) != 0},
                            std::cout, std::cerr);
} catch (const std::exception& failure) {
  std::cerr << "error: loadline failed: " << failure.what() << '\n';
  return static_cast<int>(loadline::cli::ExitStatus::kUnreachable);
}
