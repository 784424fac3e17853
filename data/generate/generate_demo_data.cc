// Writes the demo benchmarks, data/benchmarks.json, to standard output.
#include <cstdio>
#include <string>

#include "data/generate/demo_document.h"

int main() {
  const std::string document = loadline::demo::DemoDocument();
  return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}
