#pragma once

#include <map>
#include <set>
#include <string>

#include "libs/testing/process.h"

namespace loadline::testing {

/// What a program said at `/metrics` once.
class Scraped {
 public:
  /// Of a program with METRICS_ADDRESS=127.0.0.1:0.
  explicit Scraped(Process& process);

  const std::string& text() const { return text_; }
  /// `name type {label,...} help` of every metric, labels in order, as in
  /// tests/golden/metrics.
  std::set<std::string> List() const;
  /// The value of a line, such as `loadline_watchers` or `x_total{a="b"}`. Throws
  /// where there is none.
  double operator[](const std::string& sample) const;

 private:
  std::string text_;
};

}  // namespace loadline::testing
