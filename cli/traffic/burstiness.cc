#include "cli/traffic/burstiness.h"

#include <cmath>

namespace loadline::cli {

void Burstiness::Add(double gap_s) {
  ++stretch_.gaps;
  stretch_.seconds += gap_s;
  const double before = gap_s - stretch_.mean;
  stretch_.mean += before / static_cast<double>(stretch_.gaps);
  stretch_.squares += before * (gap_s - stretch_.mean);
  if (stretch_.gaps < kFewestGaps || stretch_.seconds < kShortestStretch) return;
  gaps_ += stretch_.gaps;
  squares_ += stretch_.WeightedSquare();
  stretch_ = {};
}

double Burstiness::Cv() const {
  const auto gaps = static_cast<double>(gaps_ + stretch_.gaps);
  return gaps > 0 ? std::sqrt((squares_ + stretch_.WeightedSquare()) / gaps) : 0;
}

}  // namespace loadline::cli
