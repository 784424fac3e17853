#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/termination.h"
#include "libs/rpc/log.h"
#include "libs/service/health_command.h"
#include "services/benchmark-store/config.h"
#include "services/benchmark-store/migrate_command.h"
#include "services/benchmark-store/store_app.h"

namespace {

constexpr int kBadConfiguration = 2;

int Refuse(const loadline::base::Error& error) {
  std::cerr << "benchmark-store: " << error.message << " (" << error.reason << ")\n";
  // What no client would be told, the operator is.
  if (!error.detail.empty()) std::cerr << "benchmark-store: " << error.detail << '\n';
  return kBadConfiguration;
}

int Migrate(const std::vector<std::string>& arguments) {
  const auto config = loadline::store::ReadConfig(loadline::base::FromProcess, loadline::store::Purpose::kMigrate);
  if (!config) return Refuse(config.error());
  const auto migrated = loadline::store::RunMigrate(config->database, arguments, std::cout);
  if (!migrated && migrated.error().code == loadline::base::ErrorCode::kCancelled) {
    std::cerr << "benchmark-store: stopped by a signal; the migration that it was at is rolled back\n";
    return kBadConfiguration;
  }
  return migrated ? EXIT_SUCCESS : Refuse(migrated.error());
}

int Health(const std::vector<std::string>& arguments) {
  const auto config = loadline::store::ReadConfig(loadline::base::FromProcess);
  if (!config) return Refuse(config.error());
  return loadline::service::RunHealth(config->service, arguments, std::cout);
}

int Serve() {
  const auto config = loadline::store::ReadConfig(loadline::base::FromProcess);
  if (!config) return Refuse(config.error());
  loadline::rpc::ConfigureLog("benchmark-store", config->service.log.format, config->service.log.level);
  const auto served = loadline::store::Serve(*config, [](int) { loadline::base::AwaitTermination(); });
  return served ? EXIT_SUCCESS : Refuse(served.error());
}

}  // namespace

int main(int argc, char** argv) {
  loadline::base::BlockTerminationSignals();  // before any thread starts
  if (argc == 1) return Serve();
  const std::string_view option = argv[1];
  if (option == "migrate") return Migrate({argv + 2, argv + argc});
  if (option == "health") return Health({argv + 2, argv + argc});
  if (option == "--help") return std::cout << loadline::store::Usage(), EXIT_SUCCESS;
  if (option == "--version") return std::cout << "benchmark-store " LOADLINE_VERSION "\n", EXIT_SUCCESS;
  std::cerr << "benchmark-store: unknown argument " << option << "; see benchmark-store --help\n";
  return kBadConfiguration;
}
