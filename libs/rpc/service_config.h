#pragma once

#include <string>

namespace loadline::rpc {

/// gRPC's service config (JSON) of a channel to `target`.
///
/// Calls that change nothing are tried up to three times where the server is
/// away (`UNAVAILABLE`), after 50 ms and then 100 ms, each 20 % more or less,
/// within their deadline; not where the server says when to come back (see
/// Pipeline::Run). The budget: a channel whose calls keep failing stops
/// trying again until enough of them are answered, so that a server that comes
/// back is not met by three times its load.
///
/// A target with a scheme (`dns:///benchmark-store:50051`) may be many servers:
/// calls go to each in turn, and to none whose health is not `SERVING`.
std::string ServiceConfig(const std::string& target);

}  // namespace loadline::rpc
