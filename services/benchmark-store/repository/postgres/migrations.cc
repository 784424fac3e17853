#include "services/benchmark-store/repository/postgres/migrations.h"

#include "libs/base/sha256.h"

namespace loadline::store::postgres {
namespace {

// Written by cmake/EmbedSql.cmake.
constexpr Migration kMigrations[] = {
#include "migrations.inc"
};

}  // namespace

std::string Migration::Checksum() const { return base::Sha256Hex(sql); }

std::span<const Migration> EmbeddedMigrations() { return kMigrations; }

}  // namespace loadline::store::postgres
