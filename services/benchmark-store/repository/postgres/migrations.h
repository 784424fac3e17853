#pragma once

#include <span>
#include <string>
#include <string_view>

namespace loadline::store::postgres {

/// One step of the schema. Once released, its text never changes.
struct Migration {
  int number = 0;
  std::string_view name;
  std::string_view sql;

  /// SHA-256 of `sql`, in hex.
  std::string Checksum() const;
};

/// Those of the folder migrations/, in order from 1 without gaps.
std::span<const Migration> EmbeddedMigrations();

}  // namespace loadline::store::postgres
