// Writes the demo benchmarks, data/benchmarks.json, to standard output.
#include <cstdio>
#include <string>

#include "data/generate/demo_matrix.h"
#include "data/generate/demo_row.h"

namespace {

using namespace loadline::demo;  // NOLINT(google-build-using-namespace): this program is that namespace

constexpr std::uint64_t kSeed = 20261101;

std::string Curve(const Deployment& deployment, const Shape& shape, Noise& noise) {
  std::string rows;
  for (const double load : kLoads) {
    const double offered = Rounded(load * SaturationRate(deployment, shape));
    const OperatingPoint point = Measured(Operate(deployment, shape, offered), shape, noise);
    rows += "    " + RowText(deployment, shape, offered, point) + ",\n";
  }
  return rows;
}

std::string AllRows() {
  Noise noise(kSeed);
  std::string rows;
  for (const Deployment& deployment : Deployments()) {
    for (const Shape& shape : kShapes) rows += Curve(deployment, shape, noise);
  }
  rows.erase(rows.size() - 2, 1);  // The comma after the last row.
  return rows;
}

}  // namespace

int main() {
  const std::string document = "{\n  \"revision\": 1,\n  \"benchmarks\": [\n" + AllRows() + "  ]\n}\n";
  return std::fwrite(document.data(), 1, document.size(), stdout) == document.size() ? 0 : 1;
}
