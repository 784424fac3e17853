// Prints how well the planner predicts shapes that it has not seen.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "bench/scorecard/scorecard.h"
#include "bench/scorecard/sweeps.h"

int main(int argc, char** argv) {
  CLI::App app{"Leaves one traffic shape out at a time and scores what is predicted for it."};
  std::string folder;
  app.add_option("folder", folder, "A folder of sweep-i<input>-o<output>.json, GuideLLM rows of one model")->required();
  CLI11_PARSE(app, argc, argv);
  const auto benchmarks = loadline::bench::ReadSweeps(folder);
  if (!benchmarks) {
    std::fprintf(stderr, "%s\n", benchmarks.error().message.c_str());
    return 2;
  }
  std::fputs(Print(loadline::bench::Score(*benchmarks)).c_str(), stdout);
}
