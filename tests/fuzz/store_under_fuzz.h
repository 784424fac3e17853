#pragma once

#include <utility>

#include "libs/rpc/pipeline.h"
#include "services/benchmark-store/api/benchmark_handler.h"
#include "services/benchmark-store/api/catalog_handler.h"
#include "tests/conformance/sample.h"
#include "tests/fuzz/expect.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {

/// A catalogue that changes for its caller only: the next input finds what the
/// one before it found.
class UnchangedCatalog final : public CatalogRepository {
 public:
  explicit UnchangedCatalog(CatalogRepository& real) : real_(real) {}

  base::Result<CatalogSnapshot> Read(const CallScope& scope) const override { return real_.Read(scope); }
  base::Result<UpsertedHardware> UpsertHardware(const domain::Hardware& change, const CallScope& scope) override {
    LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, real_.Read(scope));
    for (const auto& hardware : snapshot.catalog->hardware) {
      if (hardware.name == change.name) return UpsertedHardware{domain::Merge(hardware, change), snapshot.revision};
    }
    return UpsertedHardware{change, snapshot.revision};
  }

 private:
  CatalogRepository& real_;
};

/// The services of a store on files of its own, with six benchmarks of two
/// models and two rows in quarantine, of one revision.
class StoreUnderFuzz {
 public:
  StoreUnderFuzz() {
    auto intake = ImportBenchmarks::Begin(repositories_, 100, {}).value();
    for (const char* model : {"known/model", "model-a"}) {
      for (const double rate : {1., 2., 4.}) Add(intake, Sample({.model = model, .rate = rate}));
      Add(intake, BadSample({.model = model}));
    }
    const auto outcome = intake.Finish(8, false).value().outcome;
    fuzz::Expect(outcome.accepted == 6 && outcome.quarantined == 2, "the store holds them");
  }

  BenchmarkHandler& benchmarks() { return benchmarks_; }
  CatalogHandler& catalog() { return catalog_; }
  const Repositories& repositories() const { return repositories_; }

 private:
  static void Add(ImportBenchmarks& intake, domain::Measurement measurement) {
    const auto added = intake.Add({.measurement = std::move(measurement), .location = "line 1", .problems = {}});
    fuzz::Expect(added.has_value(), "the store takes rows");
  }

  StoreOnDisk disk_;
  UnchangedCatalog unchanged_{disk_.catalog};
  Repositories repositories_{.benchmarks = disk_.benchmarks, .catalog = unchanged_};
  // No stages: an exception ends the process.
  rpc::Pipeline pipeline_{{}};
  BenchmarkHandler benchmarks_{repositories_, {pipeline_, pipeline_, pipeline_}, {}};
  CatalogHandler catalog_{repositories_, pipeline_};
};

}  // namespace loadline::store
