#include "services/benchmark-store/moving/spilled_lines.h"

#include <algorithm>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store::moving {

void SpilledLines::Add(const domain::BenchmarkId& id, const std::string& line) {
  if (file_ != nullptr) std::fwrite(line.data(), 1, line.size(), file_.get());
  places_.push_back({.id = id, .offset = end_, .size = line.size()});
  end_ += static_cast<long>(line.size());
}

base::Status SpilledLines::ForEach(const std::function<void(const std::string& line)>& visit) {
  if (places_.empty()) return {};
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.id < b.id; });
  std::string line;
  for (const auto& place : places_) {
    line.resize(place.size);
    const bool read = file_ != nullptr && std::fseek(file_.get(), place.offset, SEEK_SET) == 0 &&
                      std::fread(line.data(), 1, line.size(), file_.get()) == line.size();
    if (!read) return base::Fail(DataNotWritable("the temporary file of the quarantine"));
    visit(line);
  }
  return {};
}

}  // namespace loadline::store::moving
