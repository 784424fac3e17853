#pragma once

#include <gmock/gmock.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands/run.h"
#include "tests/unit/cli/fake_services.h"
#include "tests/unit/cli/messages.h"

namespace loadline::cli {

/// What a run of `loadline` left behind.
struct Outcome {
  int status = 0;
  std::string out;
  std::string error;
};

/// Runs `loadline` in this process against fakes.
class CommandTest : public ::testing::Test {
 protected:
  FakeServices services;
  std::map<std::string, std::string> variables = {{"LOADLINE_STORE", services.store_address()},
                                                  {"LOADLINE_PLANNER", services.planner_address()}};
  bool error_is_terminal = false;

  Outcome Loadline(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream error;
    const auto variable = [&](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    const int status = cli::Run(arguments, {.variable = variable, .error_is_terminal = error_is_terminal}, out, error);
    return {.status = status, .out = out.str(), .error = error.str()};
  }
};

}  // namespace loadline::cli
