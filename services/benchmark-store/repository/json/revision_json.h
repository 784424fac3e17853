#pragma once

#include <nlohmann/json.hpp>

#include "libs/domain/benchmark.h"

namespace loadline::store::json {

/// The key of revisions in data files.
inline constexpr char kRevisionKey[] = "revision";

/// What has no revision is of the first.
inline constexpr domain::Revision kFirstRevision = 1;
/// Far more than there can be, and far from where counting on overflows.
inline constexpr domain::Revision kLastRevision = 1'000'000'000'000'000;

/// The revision that `value` says; the first if it says none that can be.
inline domain::Revision ToRevision(const nlohmann::json& value) {
  const auto revision = value.is_number_integer() ? value.get<domain::Revision>() : kFirstRevision;
  return revision >= kFirstRevision && revision <= kLastRevision ? revision : kFirstRevision;
}

/// The revision of an object.
inline domain::Revision RevisionIn(const nlohmann::json& object) {
  const auto found = object.find(kRevisionKey);
  return found == object.end() ? kFirstRevision : ToRevision(*found);
}

}  // namespace loadline::store::json
