#include "services/benchmark-store/moving/move.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/benchmark-store/moving/places.h"
#include "services/benchmark-store/moving/repository_source.h"
#include "services/benchmark-store/repository/json/catalog_files.h"
#include "services/benchmark-store/repository/postgres/catalog_store.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/older_table.h"

namespace loadline::store::moving {
namespace {

using postgres::Connection;

base::Error SamePlace() {
  return base::InvalidArgument("--from", "is the database of --to, and it has no table exported_summaries to adopt");
}

base::Error NothingToMove() {
  return base::InvalidArgument("--from",
                               "names a database with neither Loadline's tables nor a table exported_summaries");
}

/// One move, from its arguments to its report.
class Mover {
 public:
  explicit Mover(const MoveOptions& options) : options_(options) {}

  base::Result<MoveReport> Run() {
    LOADLINE_ASSIGN_OR_RETURN(to_, Connect(options_.to.where));
    LOADLINE_RETURN_IF_ERROR(OpenOlderTable());
    if (table_ == nullptr) LOADLINE_RETURN_IF_ERROR(OpenSource());
    if (!options_.verify_only) LOADLINE_RETURN_IF_ERROR(PrepareDestination());
    LOADLINE_ASSIGN_OR_RETURN(destination_, OpenDatabase::Open(options_.to.where));
    if (table_ != nullptr) LOADLINE_RETURN_IF_ERROR(OpenSummariesSource());
    return options_.verify_only ? VerifyOnly() : CopyAndVerify();
  }

 private:
  /// Sets `table_` where the source is the older tool's.
  base::Status OpenOlderTable() {
    if (options_.from.kind == PlaceKind::kSqlite) {
      LOADLINE_ASSIGN_OR_RETURN(table_, OpenSqliteTable(options_.from.where));
    } else if (options_.from.kind == PlaceKind::kPostgres) {
      LOADLINE_ASSIGN_OR_RETURN(from_, Connect(options_.from.where));
      LOADLINE_ASSIGN_OR_RETURN(const bool adopts, Adopts());
      if (adopts) {
        LOADLINE_ASSIGN_OR_RETURN(table_, OpenPostgresTable(*from_));
      }
    }
    report_.adopted = table_ != nullptr;
    return {};
  }

  base::Result<bool> Adopts() {
    LOADLINE_ASSIGN_OR_RETURN(const bool has_summaries, postgres::HasSummaries(*from_, {}));
    LOADLINE_ASSIGN_OR_RETURN(const bool is_destination, AreOneDatabase(*from_, *to_));
    LOADLINE_ASSIGN_OR_RETURN(const bool holds_benchmarks, postgres::HoldsBenchmarks(*from_, {}));
    if (is_destination && !has_summaries) return base::Fail(SamePlace());
    if (!has_summaries && !holds_benchmarks) return base::Fail(NothingToMove());
    return has_summaries && (is_destination || !holds_benchmarks);
  }

  base::Status OpenSource() {
    LOADLINE_ASSIGN_OR_RETURN(source_, moving::OpenSource(options_.from));
    return {};
  }

  /// The catalogue comes first: rows are named by it.
  base::Status PrepareDestination() {
    LOADLINE_RETURN_IF_ERROR(postgres::Migrate(*to_, postgres::EmbeddedMigrations(), {}, {}));
    if (source_ != nullptr) LOADLINE_RETURN_IF_ERROR(postgres::MergeCatalog(*to_, source_->catalog(), {}));
    LOADLINE_ASSIGN_OR_RETURN(const auto files, json::CatalogFiles::Read(options_.catalog_folder, false));
    return postgres::SeedCatalog(*to_, *files.catalog().catalog, {});
  }

  base::Status OpenSummariesSource() {
    LOADLINE_ASSIGN_OR_RETURN(const auto names, destination_->catalog().Read({}));
    source_ = OpenSummaries(*table_, options_.summaries, names.catalog);
    return {};
  }

  base::Result<MoveReport> VerifyOnly() {
    LOADLINE_RETURN_IF_ERROR(Compare(false));
    return std::move(report_);
  }

  base::Result<MoveReport> CopyAndVerify() {
    const auto name = fmt::format("{} ({})", NameOf(options_.from), source_->identity());
    LOADLINE_ASSIGN_OR_RETURN(auto checkpoint, Checkpoint::Open(*to_, name));
    report_.resumed_rows = checkpoint.progress().read;
    options_.on_stage({.name = "copying", .total = source_->row_count()});
    LOADLINE_RETURN_IF_ERROR(
        Copy(*source_, destination_->benchmarks(), checkpoint, options_.batch_rows, options_.on_progress));
    report_.progress = checkpoint.progress();
    LOADLINE_RETURN_IF_ERROR(Compare(report_.progress.merges));
    LOADLINE_RETURN_IF_ERROR(checkpoint.Remove());
    return std::move(report_);
  }

  base::Status Compare(bool merges) {
    LOADLINE_ASSIGN_OR_RETURN(const auto moved, OpenRepositories(destination_->benchmarks(), destination_->catalog()));
    options_.on_stage({.name = "comparing", .total = source_->row_count() + moved->row_count()});
    LOADLINE_ASSIGN_OR_RETURN(report_.tables, Verify(*source_, *moved, merges, options_.on_progress));
    return {};
  }

  const MoveOptions& options_;
  MoveReport report_;
  std::unique_ptr<Connection> to_;
  std::unique_ptr<Connection> from_;
  std::unique_ptr<SummaryTable> table_;
  std::unique_ptr<OpenDatabase> destination_;
  std::unique_ptr<Source> source_;
};

}  // namespace

bool MoveReport::same() const {
  return std::all_of(tables.begin(), tables.end(), [](const auto& table) { return table.same(); });
}

base::Result<MoveReport> Move(const MoveOptions& options) {
  if (options.to.kind != PlaceKind::kPostgres) {
    return base::Fail(
        base::InvalidArgument("--to", "must be a database, postgresql:URL; `loadline export` writes JSON"));
  }
  return Mover(options).Run();
}

}  // namespace loadline::store::moving
