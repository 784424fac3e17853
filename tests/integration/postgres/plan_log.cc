#include "tests/integration/postgres/plan_log.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "libs/testing/wait.h"

namespace loadline::store::postgres {
namespace {

using nlohmann::json;

constexpr char kIndexParents[] =
    "SELECT p.relname, c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind = 'i' "
    "JOIN pg_class p ON p.oid = i.inhparent";

using Parents = std::map<std::string, std::string>;

void Collect(const json& step, const Parents& parents, std::vector<Scan>& scans) {
  const std::string table = step.value("Relation Name", "");
  const std::string index = step.value("Index Name", "");
  if (!table.empty() || !index.empty()) {
    const auto parent = parents.find(index);
    scans.push_back({step.value("Node Type", ""), table, parent == parents.end() ? index : parent->second});
  }
  if (!step.contains("Plans")) return;
  for (const auto& below : step["Plans"]) Collect(below, parents, scans);
}

/// The lines after the first one of a message: they start with a tab.
std::string Continuation(std::istringstream& log) {
  std::string text;
  std::string line;
  while (log.peek() == '\t' && std::getline(log, line)) text += line + "\n";
  return text;
}

std::vector<QueryPlan> PlansIn(const std::string& text, const Parents& parents) {
  std::vector<QueryPlan> plans;
  std::istringstream log(text);
  std::string line;
  while (std::getline(log, line)) {
    if (line.find(" plan:") == std::string::npos) continue;
    // Two backends may have written at once.
    const auto document = json::parse(Continuation(log), nullptr, false);
    if (document.is_discarded()) continue;
    auto& plan = plans.emplace_back(QueryPlan{.query = document.at("Query Text"), .scans = {}});
    Collect(document.at("Plan"), parents, plan.scans);
  }
  return plans;
}

}  // namespace

loadline::testing::PostgresServer::Settings PlanLog::Settings() {
  return {{"session_preload_libraries", "auto_explain"},
          {"auto_explain.log_min_duration", "0"},
          {"auto_explain.log_format", "json"}};
}

PlanLog::PlanLog(const loadline::testing::PostgresServer& server, std::string_view database)
    : server_(server), database_(database) {
  std::istringstream rows(server_.Psql(kIndexParents, database_));
  std::string parent;
  std::string child;
  while (std::getline(rows, parent, '|') && std::getline(rows, child)) parents_[child] = parent;
}

std::string PlanLog::LogUntilNow() {
  const auto mark = "mark " + std::to_string(++marks_) + " of the plan log";
  server_.Psql("SELECT '" + mark + "'", database_);
  std::string log;
  const bool there = loadline::testing::WaitFor([&] {
    log = server_.Log();
    return log.find(mark) != std::string::npos;
  });
  if (!there) throw std::runtime_error("the server does not log plans");
  return log.substr(0, log.find(mark));
}

std::vector<QueryPlan> PlanLog::During(const std::function<void()>& work) {
  // Whole messages: what is before both marks goes, and the marks' own plans.
  const auto before = LogUntilNow().size();
  work();
  const auto log = LogUntilNow();
  const auto first = log.find("\nLOG:", before);
  const auto last = log.rfind("\nLOG:");
  return PlansIn(log.substr(first, last - first + 1), parents_);
}

}  // namespace loadline::store::postgres
