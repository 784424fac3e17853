#include "data/generate/demo_document.h"

#include "data/generate/demo_matrix.h"
#include "data/generate/demo_row.h"

namespace loadline::demo {
namespace {

constexpr std::uint64_t kSeed = 20261101;

std::string CurveText(const Deployment& deployment, const Shape& shape, Noise& noise) {
  std::string rows;
  for (const double load : kLoads) {
    const double offered = Rounded(load * SaturationRate(deployment, shape));
    const OperatingPoint point = Measured(Operate(deployment, shape, offered), shape, noise);
    rows += "    " + RowText(deployment, shape, offered, point) + ",\n";
  }
  return rows;
}

}  // namespace

std::string DemoDocument() {
  Noise noise(kSeed);
  std::string rows;
  for (const Deployment& deployment : Deployments()) {
    for (const Shape& shape : kShapes) rows += CurveText(deployment, shape, noise);
  }
  rows.erase(rows.size() - 2, 1);  // The comma after the last row.
  return "{\n  \"revision\": 1,\n  \"benchmarks\": [\n" + rows + "  ]\n}\n";
}

}  // namespace loadline::demo
