#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/testing/process.h"
#include "libs/testing/temp_dir.h"

namespace loadline::e2e {

/// What a run of `loadline` left behind.
struct Outcome {
  int status = -1;
  std::string out;
  std::string error;

  /// `out` as JSON; throws where it is none.
  nlohmann::json Json() const { return nlohmann::json::parse(out); }
};

/// The built store and planner, on a copy of data/ in a folder that is removed
/// at the end. Run from a test's main thread.
class World {
 public:
  /// Starts both and waits until the planner can answer.
  World();

  /// Runs `loadline` against them, in the folder.
  Outcome Loadline(const std::vector<std::string>& arguments) const;

  /// Starts the store again, at the address it had. Stop it before.
  void RestartStore();

  testing::Process& store() { return *store_; }
  testing::Process& planner() { return *planner_; }
  const testing::TempDir& folder() const { return folder_; }
  std::string store_address() const { return "127.0.0.1:" + std::to_string(store_port_); }
  /// The store's data file, as it is now.
  std::string DataFile() const;

  /// Where a built program is.
  static std::string Binary(const std::string& name);

 private:
  void StartStore(int port);

  testing::TempDir folder_;
  std::unique_ptr<testing::Process> store_;
  std::unique_ptr<testing::Process> planner_;
  int store_port_ = 0;
  int planner_port_ = 0;
};

/// The folder of the repository.
std::string Source(const std::string& path);

}  // namespace loadline::e2e
