#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"

namespace loadline::store::moving {

/// Lines that come in any order and leave in order of their ids. They wait in a
/// temporary file that has no name.
class SpilledLines {
 public:
  /// What fails is reported by `ForEach`.
  void Add(const domain::BenchmarkId& id, const std::string& line);
  base::Status ForEach(const std::function<void(const std::string& line)>& visit);

 private:
  struct Place {
    domain::BenchmarkId id;
    long offset = 0;
    std::size_t size = 0;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::unique_ptr<std::FILE, Close> file_{std::tmpfile()};
  std::vector<Place> places_;
  long end_ = 0;
};

}  // namespace loadline::store::moving
