#pragma once

namespace loadline::base {

/// Blocks SIGTERM and SIGINT in this thread and all that it starts, and ignores
/// SIGPIPE. Call it first in `main`, before any thread exists.
void BlockTerminationSignals();

/// Whether SIGTERM or SIGINT has come that AwaitTermination has not returned yet.
/// Thread-safe.
bool TerminationPending();

/// Waits for SIGTERM or SIGINT and returns which came. A second signal, from
/// then on, ends the process at once.
int AwaitTermination();

}  // namespace loadline::base
