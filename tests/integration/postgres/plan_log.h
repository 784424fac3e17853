#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/testing/postgres_server.h"

namespace loadline::store::postgres {

/// One step of a plan that reads a table or an index.
struct Scan {
  /// As EXPLAIN calls it, such as "Seq Scan".
  std::string node;
  /// The table; "" where the step only reads the index.
  std::string table;
  /// "" where it uses none. An index of a partition under its parent's name.
  std::string index;
};

/// How the server ran one statement.
struct QueryPlan {
  std::string query;
  std::vector<Scan> scans;
};

/// The plans that a server with `Settings()` really used, from its log.
class PlanLog {
 public:
  static loadline::testing::PostgresServer::Settings Settings();

  PlanLog(const loadline::testing::PostgresServer& server, std::string_view database);

  /// The plans of what was run while `work` ran, by anybody.
  std::vector<QueryPlan> During(const std::function<void()>& work);

 private:
  /// The log up to a statement that this sends now.
  std::string LogUntilNow();

  const loadline::testing::PostgresServer& server_;
  const std::string database_;
  /// Parents of the indexes of partitions.
  std::map<std::string, std::string> parents_;
  int marks_ = 0;
};

}  // namespace loadline::store::postgres
