#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

// libpq's own name for a connection.
struct pg_conn;

/// Opening connections, which libpqxx does without a limit of time. This is the
/// only file that calls libpq itself.
namespace loadline::store::postgres {

struct HangUp {
  void operator()(pg_conn* connection) const;
};
using Line = std::unique_ptr<pg_conn, HangUp>;

/// Connects to the first host of `url` that takes us, within the time of
/// `scope`: each host gets the URL's connect_timeout (5 s where it has none)
/// and at most its share of the time that is left. Only the resolver, which
/// cannot be interrupted, may take longer.
///
/// Fails with `kUnavailable`, with `kFailedPrecondition` (`DATABASE_REFUSED`)
/// where a server answered and said no, or as `CheckUrl`.
base::Result<Line> Dial(const std::string& url, const CallScope& scope);

/// Whether libpq can read it, and what it reads can be hosts, ports and a name.
/// Where a password has characters that must be escaped, pieces of it would be
/// taken for those, and told in errors; so errors name `field`, never the text.
base::Status CheckUrl(const std::string& url, std::string_view field);

}  // namespace loadline::store::postgres
