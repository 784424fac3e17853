#pragma once

#include <string>

namespace loadline::demo {

/// The text of data/benchmarks.json. The same on every machine.
std::string DemoDocument();

}  // namespace loadline::demo
