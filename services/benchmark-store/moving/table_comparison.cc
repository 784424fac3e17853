#include "services/benchmark-store/moving/table_comparison.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace loadline::store::moving {
namespace {

constexpr std::size_t kExamples = 5;

std::string_view BytesOf(const base::Sha256Digest& digest) {
  // As what they are: bytes.
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};  // NOLINT
}

/// A running hash: each step hashes the last result and what is added.
void Extend(std::string& hash, const base::Sha256Digest& digest) {
  hash = base::Sha256Hex(hash + std::string(BytesOf(digest)));
}

}  // namespace

void TableComparison::Expect(std::string key, std::string_view content) {
  rows_.push_back({.key = std::move(key), .content = base::Sha256(content)});
  sorted_ = false;
}

void TableComparison::Sort() {
  if (std::exchange(sorted_, true)) return;
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return std::tie(a.key, a.content) < std::tie(b.key, b.content); });
}

void TableComparison::Find(const std::string& key, std::string_view content) {
  Sort();
  auto row = std::lower_bound(rows_.begin(), rows_.end(), key, [](const Row& a, const auto& b) { return a.key < b; });
  if (row == rows_.end() || row->key != key) return;
  const auto digest = base::Sha256(content);
  for (; row != rows_.end() && row->key == key; ++row) {
    if (row->content == digest) return static_cast<void>(row->found = true);
  }
  others_[key] = digest;
}

void TableComparison::Add(const Group& group, const base::Sha256Digest* other, TableVerdict& verdict) {
  const auto found = std::find_if(group.first, group.second, [](const Row& row) { return row.found; });
  const bool same = found != group.second;
  ++verdict.source_rows;
  Extend(verdict.source_sha256, same ? found->content : group.first->content);
  if (same || other != nullptr) ++verdict.destination_rows;
  if (same) return Extend(verdict.destination_sha256, found->content);
  if (other != nullptr) Extend(verdict.destination_sha256, *other);
  if (++verdict.differing <= static_cast<std::int64_t>(kExamples)) verdict.examples.push_back(group.first->key);
}

TableVerdict TableComparison::Finish() {
  Sort();
  TableVerdict verdict = {
      .table = table_, .source_sha256 = base::Sha256Hex(""), .destination_sha256 = base::Sha256Hex("")};
  for (auto row = rows_.begin(); row != rows_.end();) {
    const auto end = std::find_if(row, rows_.end(), [&](const Row& each) { return each.key != row->key; });
    const auto other = others_.find(row->key);
    Add({row, end}, other == others_.end() ? nullptr : &other->second, verdict);
    row = end;
  }
  return verdict;
}

}  // namespace loadline::store::moving
