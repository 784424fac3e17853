#pragma once

#include <CLI/CLI.hpp>

#include "cli/commands/session.h"

/// Each function adds a command to `app`: its arguments, its help and what it
/// does. When the arguments choose it, it sets `session.command`. `session`
/// must outlive `app`.
namespace loadline::cli {

void AddImport(CLI::App& app, Session& session);
void AddList(CLI::App& app, Session& session);
void AddSearch(CLI::App& app, Session& session);
void AddGet(CLI::App& app, Session& session);
void AddMatch(CLI::App& app, Session& session);
void AddPlan(CLI::App& app, Session& session);
void AddPredict(CLI::App& app, Session& session);
void AddTraffic(CLI::App& app, Session& session);
void AddHardware(CLI::App& app, Session& session);
void AddMigrateData(CLI::App& app, Session& session);
void AddExport(CLI::App& app, Session& session);

}  // namespace loadline::cli
