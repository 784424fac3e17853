#include "services/benchmark-store/repository/json/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace loadline::store::json {
namespace {

/// What one import, or a data file, added at one revision.
struct Addition {
  IdDigest digest;
  std::set<std::string> models;
};

std::map<domain::Revision, Addition> AdditionsByRevision(const RowView& rows, std::size_t first) {
  std::map<domain::Revision, Addition> additions;
  for (auto row = first; row != rows.size(); ++row) {
    auto& addition = additions[rows[row].revision];
    addition.digest.Add(rows[row].id);
    addition.models.insert(rows.ConfigurationOf(rows[row]).model);
  }
  return additions;
}

Commits ExtendedCommits(Commits commits, const RowView& rows, std::size_t first) {
  for (const auto& [revision, addition] : AdditionsByRevision(rows, first)) {
    auto digest = commits.empty() ? IdDigest() : commits.back()->digest;
    digest.high += addition.digest.high;
    digest.low += addition.digest.low;
    commits.push_back(std::make_shared<Commit>(
        Commit{revision, digest, std::vector(addition.models.begin(), addition.models.end())}));
  }
  return commits;
}

// `rows` are newer than all of `quarantine`.
Quarantine ExtendedQuarantine(Quarantine quarantine, std::vector<QuarantinedRow> rows) {
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return std::tie(a.revision, a.id) < std::tie(b.revision, b.id); });
  for (auto& row : rows) quarantine.push_back(std::make_shared<QuarantinedRow>(std::move(row)));
  return quarantine;
}

/// The two parts of a snapshot id.
struct SnapshotId {
  std::string_view benchmarks;
  std::string_view catalog;
};

SnapshotId Split(std::string_view id) {
  const auto dot = id.find('.');
  return {id.substr(0, dot), dot == std::string_view::npos ? "" : id.substr(dot + 1)};
}

bool IsOtherData(domain::Revision after, const std::string& snapshot_id, const Snapshot& snapshot) {
  if (after > snapshot.revision) return true;
  return !snapshot_id.empty() && Split(snapshot_id).benchmarks != snapshot.DigestAt(after).ToString();
}

// The catalogue has no history: where it did not change since `after`, the
// caller's must be the one that is here.
bool CatalogChanged(domain::Revision after, const std::string& snapshot_id, const Snapshot& snapshot) {
  if (snapshot.catalog.changed_at > after) return true;
  return !snapshot_id.empty() && Split(snapshot_id).catalog != snapshot.catalog.digest;
}

std::vector<std::string> ModelsSince(domain::Revision after, const Commits& commits) {
  std::set<std::string> models;
  for (const auto& commit : commits) {
    if (commit->revision > after) models.insert(commit->models.begin(), commit->models.end());
  }
  return {models.begin(), models.end()};
}

}  // namespace

void IdDigest::Add(const domain::BenchmarkId& id) {
  std::uint64_t words[2] = {0, 0};
  for (std::size_t i = 0; i < id.bytes().size(); ++i) {
    auto& word = words[i / 8];
    word = word << 8 | id.bytes()[i];
  }
  high += words[0];
  low += words[1];
}

std::string IdDigest::ToString() const { return fmt::format("{:016x}{:016x}", high, low); }

IdDigest Snapshot::DigestAt(domain::Revision up_to) const {
  const auto next = std::partition_point(commits->begin(), commits->end(),
                                         [&](const auto& commit) { return commit->revision <= up_to; });
  return next == commits->begin() ? IdDigest() : (*std::prev(next))->digest;
}

std::string Snapshot::Id() const { return DigestAt(revision).ToString() + "." + catalog.digest; }

Snapshot Extended(const Snapshot& snapshot, RowView rows, std::vector<QuarantinedRow> quarantined,
                  domain::Revision revision) {
  auto extended = snapshot;
  extended.revision = revision;
  if (rows.size() != snapshot.rows.size()) {
    extended.index = std::make_shared<Index>(rows, *snapshot.index);
    extended.commits = std::make_shared<Commits>(ExtendedCommits(*snapshot.commits, rows, snapshot.rows.size()));
  }
  extended.rows = std::move(rows);
  if (!quarantined.empty()) {
    extended.quarantine =
        std::make_shared<Quarantine>(ExtendedQuarantine(*snapshot.quarantine, std::move(quarantined)));
  }
  return extended;
}

Changes ChangesBetween(domain::Revision after, const std::string& snapshot_id, const Snapshot& snapshot) {
  const bool reset = IsOtherData(after, snapshot_id, snapshot);
  return {.revision = snapshot.revision,
          .snapshot_id = snapshot.Id(),
          .models = ModelsSince(reset ? 0 : after, *snapshot.commits),
          .catalog = reset || CatalogChanged(after, snapshot_id, snapshot),
          .reset = reset};
}

}  // namespace loadline::store::json
