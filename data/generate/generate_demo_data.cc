// Writes the demo benchmarks, data/benchmarks.json, to standard output; with
// the argument `sample`, the sample report.
#include <cstdio>
#include <string>
#include <string_view>

#include "data/generate/demo_document.h"
#include "data/generate/sample_report.h"

int main(int argc, char** argv) {
  const bool sample = argc == 2 && std::string_view(argv[1]) == "sample";
  const std::string text = sample ? loadline::demo::SampleReport() : loadline::demo::DemoDocument();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
