#pragma once

#include <ostream>

#include "cli/traffic/read_trace.h"

namespace loadline::cli {

/// What was derived from a trace.
void PrintTraffic(const TrafficProfile& profile, std::ostream& out);

}  // namespace loadline::cli
