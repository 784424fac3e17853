#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/sha256.h"

namespace loadline::store::moving {

/// How the rows of one table compare.
struct TableVerdict {
  std::string table;
  /// Rows of the source, those with the same key counted once, and how many of
  /// these the destination has.
  std::int64_t source_rows = 0;
  std::int64_t destination_rows = 0;
  /// A chain of SHA-256 over the content of these rows, in order of their keys.
  std::string source_sha256;
  std::string destination_sha256;
  /// Keys of rows that are missing or differ: the first few, and how many.
  std::vector<std::string> examples = {};
  std::int64_t differing = 0;

  bool same() const { return differing == 0; }
};

/// Compares the rows of a source with those of a destination that have the same
/// keys, in whatever order both come. Keeps some 110 bytes for each row of the
/// source, and none for those that only the destination has.
///
///     for (row of source) comparison.Expect(key, content);
///     for (row of destination) comparison.Find(key, content);
///     verdict = comparison.Finish();
class TableComparison {
 public:
  explicit TableComparison(std::string table) : table_(std::move(table)) {}

  /// A key may come twice, with other content: then either content is right.
  void Expect(std::string key, std::string_view content);
  /// After all `Expect`.
  void Find(const std::string& key, std::string_view content);
  TableVerdict Finish();

 private:
  struct Row {
    std::string key;
    base::Sha256Digest content;
    bool found = false;
  };
  using Group = std::pair<std::vector<Row>::iterator, std::vector<Row>::iterator>;

  void Sort();
  static void Add(const Group& group, const base::Sha256Digest* other, TableVerdict& verdict);

  const std::string table_;
  std::vector<Row> rows_;
  bool sorted_ = true;
  /// What the destination has in place of rows of the source.
  std::map<std::string, base::Sha256Digest> others_;
};

}  // namespace loadline::store::moving
