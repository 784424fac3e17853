#pragma once

#include "libs/testing/postgres_server.h"
#include "tests/integration/faults/store_link.h"

namespace loadline::testing {

/// The settings of a store that reaches its database over `port`, with as few
/// connections as make a leak show.
Environment OverPort(const StoreData& data, const TestDatabase& database, int port);

/// Breaks the network between `store` and `database`, of `server`, and expects
/// that no call outlives its deadline by more than 100 ms, that two seconds
/// after the end of the fault all calls succeed, and that no connection and no
/// lock is left behind. `store` holds "acme/a".
void ExpectStoreToLiveWith(const NetworkFault& fault, const std::string& store_address, const PostgresServer& server,
                           const TestDatabase& database);

}  // namespace loadline::testing
