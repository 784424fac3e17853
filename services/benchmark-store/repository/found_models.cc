#include "services/benchmark-store/repository/found_models.h"

#include <algorithm>
#include <iterator>

namespace loadline::store {
namespace {

bool IsBetter(const FoundModel& a, const FoundModel& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.model.benchmark_count != b.model.benchmark_count) return a.model.benchmark_count > b.model.benchmark_count;
  return a.model.name < b.model.name;
}

}  // namespace

domain::Model Described(const std::string& name, const std::vector<domain::Model>& catalogue) {
  const auto place = std::lower_bound(catalogue.begin(), catalogue.end(), name,
                                      [](const auto& model, const auto& wanted) { return model.name < wanted; });
  if (place != catalogue.end() && place->name == name) return *place;
  return domain::Model{.name = name};
}

base::Result<Page<FoundModel>> PageOf(std::vector<FoundModel> found, const PageRequest& page,
                                      domain::Revision revision) {
  std::sort(found.begin(), found.end(), IsBetter);
  auto first = found.begin();
  if (!page.after.empty()) {
    first = std::find_if(found.begin(), found.end(), [&](const auto& each) { return each.model.name == page.after; });
    if (first == found.end()) return base::Fail(StrangePosition());
    ++first;
  }
  const auto last = found.end() - first > page.size ? first + page.size : found.end();
  Page<FoundModel> result = {.items = {}, .next = {}, .revision = revision};
  result.items.assign(std::make_move_iterator(first), std::make_move_iterator(last));
  if (last != found.end()) result.next = result.items.back().model.name;
  return result;
}

}  // namespace loadline::store
