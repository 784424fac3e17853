#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "libs/testing/matchers.h"
#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/catalog_repository.h"
#include "tests/conformance/sample.h"

namespace loadline::store {

/// A backend with its data.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual BenchmarkRepository& benchmarks() = 0;
  virtual CatalogRepository& catalog() = 0;
  /// Ends the backend and starts it again on the same data, as a restart of
  /// the process does.
  virtual void Restart() = 0;
};

/// The models and use cases of every backend's catalogue, as their files.
extern const char* const kModelDocument;
extern const char* const kUseCaseDocument;

/// One backend under test.
struct BackendCase {
  std::string name;
  /// Returns a backend without benchmarks, with a catalogue of one GPU type:
  /// "H100", 80 GiB, 2 USD an hour on demand at "aws"; and with kModelDocument
  /// and kUseCaseDocument. Two share no data.
  std::function<std::unique_ptr<Backend>()> make;

  friend void PrintTo(const BackendCase& backend, std::ostream* out) { *out << backend.name; }
};

/// What every backend must do: each sentence of the ports' comments is a test.
class RepositorySuite : public ::testing::TestWithParam<BackendCase> {
 protected:
  BenchmarkRepository& benchmarks() { return backend_->benchmarks(); }
  CatalogRepository& catalog() { return backend_->catalog(); }
  void Restart() { backend_->Restart(); }

  std::unique_ptr<ImportSession> Begin() { return benchmarks().BeginImport({}).value(); }

  ImportOutcome Import(const std::vector<SampleOptions>& rows) { return ImportInto(benchmarks(), rows); }

  static ImportOutcome ImportInto(BenchmarkRepository& benchmarks, const std::vector<SampleOptions>& rows) {
    const auto session = benchmarks.BeginImport({}).value();
    for (const auto& row : rows) EXPECT_THAT(session->Accept(Accepted(row)), loadline::testing::IsOk());
    return session->Commit().value();
  }

  ImportOutcome Quarantine(const std::vector<SampleOptions>& rows) {
    const auto session = Begin();
    for (const auto& row : rows) EXPECT_THAT(session->Quarantine(Refused(row)), loadline::testing::IsOk());
    return session->Commit().value();
  }

  static QuarantinedRow Refused(const SampleOptions& options) {
    return QuarantinedFrom(domain::Judge(BadSample(options)), "line 7");
  }

  static domain::BenchmarkId IdOf(const SampleOptions& options) { return domain::BenchmarkId::Of(Sample(options)); }

  std::vector<domain::Benchmark> All(const domain::BenchmarkFilter& filter = {}, domain::Revision revision = 0) {
    return benchmarks().List(filter, {.size = 1'000'000, .revision = revision}, {}).value().items;
  }

  static std::vector<domain::BenchmarkId> IdsOf(const std::vector<domain::Benchmark>& rows) {
    std::vector<domain::BenchmarkId> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.push_back(row.id);
    return ids;
  }

  domain::Revision CurrentRevision() { return benchmarks().AwaitChange(-1, std::chrono::milliseconds(0), {}).value(); }

 private:
  std::unique_ptr<Backend> backend_ = GetParam().make();
};

}  // namespace loadline::store

namespace loadline::domain {

inline void PrintTo(const BenchmarkId& id, std::ostream* out) { *out << id.ToString(); }

inline void PrintTo(const Benchmark& row, std::ostream* out) {
  *out << row.id.ToString() << " " << row.measurement.configuration.ToString() << " " << row.shape.ToString() << " at "
       << row.measurement.load.achieved_rps.value_or(0);
}

}  // namespace loadline::domain
