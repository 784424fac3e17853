#pragma once

#include <memory>

#include "cli/api.h"
#include "cli/client/endpoint.h"
#include "cli/client/import_plan.h"
#include "libs/base/clock.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// benchmark-store. Every call has the endpoint's timeout as its deadline, and
/// fails with the store's own error, or `kUnavailable` where it is away.
class StoreClient {
 public:
  explicit StoreClient(Endpoint endpoint);
  ~StoreClient();

  base::Result<benchmark_api::ListBenchmarksResponse> Send(const benchmark_api::ListBenchmarksRequest& request) const;
  base::Result<benchmark_api::GetBenchmarkResponse> Send(const benchmark_api::GetBenchmarkRequest& request) const;
  base::Result<benchmark_api::ListConfigurationsResponse> Send(
      const benchmark_api::ListConfigurationsRequest& request) const;
  base::Result<benchmark_api::ListQuarantinedResponse> Send(const benchmark_api::ListQuarantinedRequest& request) const;
  base::Result<benchmark_api::SearchModelsResponse> Send(const benchmark_api::SearchModelsRequest& request) const;
  base::Result<catalog_api::ListModelsResponse> Send(const catalog_api::ListModelsRequest& request) const;
  base::Result<catalog_api::ListHardwareResponse> Send(const catalog_api::ListHardwareRequest& request) const;
  base::Result<catalog_api::ListUseCasesResponse> Send(const catalog_api::ListUseCasesRequest& request) const;
  base::Result<catalog_api::UpsertHardwareResponse> Send(const catalog_api::UpsertHardwareRequest& request) const;

  /// Sends all rows and commits them, again where the store asks for it: rows
  /// are known by their content, so none is added twice. An import whose
  /// connection broke is not sent again, since it may be large: that is for the
  /// caller to decide, and safe too.
  base::Result<benchmark_api::ImportBenchmarksResponse> Import(const ImportPlan& plan) const;

 private:
  base::Result<benchmark_api::ImportBenchmarksResponse> SendImport(const ImportPlan& plan,
                                                                   base::Instant deadline) const;

  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace loadline::cli
