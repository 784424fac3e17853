#pragma once

#include "libs/rpc/pipeline.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Serves loadline.catalog.v1.CatalogService. Thread-safe.
class CatalogHandler final : public catalog::v1::CatalogService::Service {
 public:
  CatalogHandler(const Repositories& repositories, const rpc::Pipeline& pipeline)
      : repositories_(repositories), pipeline_(pipeline) {}

  grpc::Status ListModels(grpc::ServerContext* context, const catalog::v1::ListModelsRequest* request,
                          catalog::v1::ListModelsResponse* response) override;
  grpc::Status ListHardware(grpc::ServerContext* context, const catalog::v1::ListHardwareRequest* request,
                            catalog::v1::ListHardwareResponse* response) override;
  grpc::Status ListUseCases(grpc::ServerContext* context, const catalog::v1::ListUseCasesRequest* request,
                            catalog::v1::ListUseCasesResponse* response) override;
  grpc::Status UpsertHardware(grpc::ServerContext* context, const catalog::v1::UpsertHardwareRequest* request,
                              catalog::v1::UpsertHardwareResponse* response) override;

 private:
  const Repositories repositories_;
  const rpc::Pipeline& pipeline_;
};

}  // namespace loadline::store
