#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/termination.h"
#include "libs/rpc/log.h"
#include "libs/service/health_command.h"
#include "services/planner/config.h"
#include "services/planner/planner_app.h"

namespace {

constexpr int kBadConfiguration = 2;

int Refuse(const loadline::base::Error& error) {
  std::cerr << "planner: " << error.message << " (" << error.reason << ")\n";
  // What no client would be told, the operator is.
  if (!error.detail.empty()) std::cerr << "planner: " << error.detail << '\n';
  return kBadConfiguration;
}

int Health(const std::vector<std::string>& arguments) {
  const auto config = loadline::planner::ReadConfig(loadline::base::FromProcess);
  if (!config) return Refuse(config.error());
  return loadline::service::RunHealth(config->service, arguments, std::cout);
}

int Serve() {
  const auto config = loadline::planner::ReadConfig(loadline::base::FromProcess);
  if (!config) return Refuse(config.error());
  loadline::rpc::ConfigureLog("planner", config->service.log.format, config->service.log.level);
  const auto served = loadline::planner::Serve(*config, [](int) { loadline::base::AwaitTermination(); });
  return served ? EXIT_SUCCESS : Refuse(served.error());
}

}  // namespace

int main(int argc, char** argv) {
  loadline::base::BlockTerminationSignals();  // before any thread starts
  if (argc == 1) return Serve();
  const std::string_view option = argv[1];
  if (option == "health") return Health({argv + 2, argv + argc});
  if (option == "--help") return std::cout << loadline::planner::Usage(), EXIT_SUCCESS;
  if (option == "--version") return std::cout << "planner " LOADLINE_VERSION "\n", EXIT_SUCCESS;
  std::cerr << "planner: unknown argument " << option << "; see planner --help\n";
  return kBadConfiguration;
}
