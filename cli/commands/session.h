#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "cli/client/planner_client.h"
#include "cli/client/store_client.h"
#include "cli/commands/exit_status.h"
#include "cli/commands/failure.h"
#include "cli/output/message.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// One run of `loadline`: its global settings, its streams and the command that
/// the arguments chose.
struct Session {
  std::ostream& out;
  std::ostream& error;
  bool error_is_terminal = false;

  std::string store_address = {};
  std::string planner_address = {};
  TlsOptions tls = {};
  /// What `tls` says, once arguments are read; null for plaintext.
  std::shared_ptr<const Security> security = {};
  /// What the person asked for; commands have different defaults.
  std::optional<std::chrono::milliseconds> timeout = {};
  OutputFormat format = OutputFormat::kTable;
  /// Its calls are a trace that services keep.
  bool trace = false;

  /// Set while arguments are read, run afterwards.
  std::function<ExitStatus()> command = {};
};

/// How long a call may take where nobody said.
inline constexpr std::chrono::milliseconds kCallTimeout{30'000};
/// The same for an import, which may hold many thousand rows.
inline constexpr std::chrono::milliseconds kImportTimeout{600'000};

/// Where calls go, and who is told when they wait.
Endpoint EndpointOf(const Session& session, const std::string& address, std::chrono::milliseconds timeout);

inline StoreClient Store(const Session& session, std::chrono::milliseconds timeout = kCallTimeout) {
  return StoreClient(EndpointOf(session, session.store_address, timeout));
}

inline PlannerClient Planner(const Session& session) {
  return PlannerClient(EndpointOf(session, session.planner_address, kCallTimeout));
}

/// Prints `answer` as the session asks: with `view` as a table, else whole. A
/// failure is reported.
template <typename Answer, typename View>
ExitStatus Show(Session& session, const base::Result<Answer>& answer, const ArgumentNames& names, View view) {
  if (!answer) return Report(answer.error(), names, session.error);
  if (session.format == OutputFormat::kTable) {
    view(*answer, session.out);
  } else {
    PrintMessage(*answer, session.format, session.out);
  }
  return ExitStatus::kDone;
}

}  // namespace loadline::cli
