#pragma once

#include <cstdio>
#include <cstdlib>

namespace loadline::fuzz {

/// Ends the process, as a fuzzer wants it, where `holds` is false.
inline void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace loadline::fuzz
