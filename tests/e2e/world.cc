#include "tests/e2e/world.h"

#include <filesystem>
#include <stdexcept>

namespace loadline::e2e {

World::World() {
  std::filesystem::copy(Source("data"), folder_ / "data", std::filesystem::copy_options::recursive);
  StartStore(0);
  planner_ = std::make_unique<testing::Process>(testing::ProcessOptions{
      .binary = Binary("planner"),
      .environment = {{"LISTEN_ADDRESS", "127.0.0.1:0"}, {"BENCHMARK_STORE_ADDRESS", store_address()}},
      .folder = folder_.path()});
  planner_port_ = planner_->Port();
  if (!planner_->WaitForEvent("serving"))
    throw std::runtime_error("planner does not serve: " + planner_->ErrorOutput());
}

void World::StartStore(int port) {
  store_ = std::make_unique<testing::Process>(testing::ProcessOptions{
      .binary = Binary("benchmark-store"),
      .environment = {{"LISTEN_ADDRESS", "127.0.0.1:" + std::to_string(port)}, {"DATA_DIR", "data"}},
      .folder = folder_.path()});
  store_port_ = store_->Port();
}

void World::RestartStore() { StartStore(store_port_); }

Outcome World::Loadline(const std::vector<std::string>& arguments) const {
  testing::Process run({.binary = Binary("loadline"),
                        .arguments = arguments,
                        .environment = {{"LOADLINE_STORE", store_address()},
                                        {"LOADLINE_PLANNER", "127.0.0.1:" + std::to_string(planner_port_)}},
                        .folder = folder_.path()});
  const int status = run.Wait().value_or(-1);
  return {.status = status, .out = run.Output(), .error = run.ErrorOutput()};
}

std::string World::DataFile() const { return testing::ReadFile(folder_ / "data/benchmarks.json"); }

std::string World::Binary(const std::string& name) { return std::string(LOADLINE_BINARY_DIR) + "/bin/" + name; }

std::string Source(const std::string& path) { return std::string(LOADLINE_SOURCE_DIR) + "/" + path; }

}  // namespace loadline::e2e
