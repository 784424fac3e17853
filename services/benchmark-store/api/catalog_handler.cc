#include "services/benchmark-store/api/catalog_handler.h"

#include "libs/wire/catalog_wire.h"
#include "services/benchmark-store/api/paging.h"
#include "services/benchmark-store/api/scope.h"
#include "services/benchmark-store/app/list_models.h"
#include "services/benchmark-store/app/upsert_hardware.h"

namespace loadline::store {

namespace pb = catalog::v1;

namespace {

ModelFilter FilterOf(const pb::ListModelsRequest& request) {
  return {.architecture = request.architecture(),
          .tags = {request.tags().begin(), request.tags().end()},
          .use_case = request.use_case()};
}

}  // namespace

grpc::Status CatalogHandler::ListModels(grpc::ServerContext* context, const pb::ListModelsRequest* request,
                                        pb::ListModelsResponse* response) {
  return pipeline_.Run("ListModels", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto list, store::ListModels(repositories_, FilterOf(*request), ScopeOf(call)));
    const auto add = [&](const auto& model) { wire::ToProto(model, response->add_models()); };
    LOADLINE_ASSIGN_OR_RETURN(*response->mutable_next_page_token(),
                              AddPage(*request, list.models, &domain::Model::name, list.revision, add));
    response->set_revision(list.revision);
    return {};
  });
}

grpc::Status CatalogHandler::ListHardware(grpc::ServerContext* context, const pb::ListHardwareRequest* request,
                                          pb::ListHardwareResponse* response) {
  return pipeline_.Run("ListHardware", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, repositories_.catalog.Read(ScopeOf(call)));
    const auto add = [&](const auto& hardware) { wire::ToProto(hardware, response->add_hardware()); };
    LOADLINE_ASSIGN_OR_RETURN(
        *response->mutable_next_page_token(),
        AddPage(*request, snapshot.catalog->hardware, &domain::Hardware::name, snapshot.revision, add));
    response->set_revision(snapshot.revision);
    return {};
  });
}

grpc::Status CatalogHandler::ListUseCases(grpc::ServerContext* context, const pb::ListUseCasesRequest* request,
                                          pb::ListUseCasesResponse* response) {
  return pipeline_.Run("ListUseCases", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, repositories_.catalog.Read(ScopeOf(call)));
    const auto add = [&](const auto& use_case) { wire::ToProto(use_case, response->add_use_cases()); };
    LOADLINE_ASSIGN_OR_RETURN(
        *response->mutable_next_page_token(),
        AddPage(*request, snapshot.catalog->use_cases, &domain::UseCase::id, snapshot.revision, add));
    response->set_revision(snapshot.revision);
    return {};
  });
}

grpc::Status CatalogHandler::UpsertHardware(grpc::ServerContext* context, const pb::UpsertHardwareRequest* request,
                                            pb::UpsertHardwareResponse* response) {
  return pipeline_.Run("UpsertHardware", *context, [&](rpc::Call& call) -> base::Status {
    const auto change = wire::FromProto(request->hardware());
    LOADLINE_ASSIGN_OR_RETURN(const auto upserted, store::UpsertHardware(repositories_, change, ScopeOf(call)));
    wire::ToProto(upserted.hardware, response->mutable_hardware());
    response->set_revision(upserted.revision);
    return {};
  });
}

}  // namespace loadline::store
