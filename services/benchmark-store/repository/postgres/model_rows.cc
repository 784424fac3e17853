#include "services/benchmark-store/repository/postgres/model_rows.h"

#include <map>

#include "libs/json/catalog_json.h"

namespace loadline::store::postgres {
namespace {

constexpr char kModels[] =
    "SELECT name, parameters_billion, kv_bytes_per_token, architecture, base_model, tags, metadata::text FROM models "
    "WHERE catalogued ORDER BY name";
constexpr char kUseCases[] =
    "SELECT m.name, u.use_case_id, u.suitability FROM model_use_cases u JOIN models m ON m.id = u.model_id "
    "ORDER BY m.name, u.use_case_id";

constexpr char kPut[] =
    "INSERT INTO models (name, parameters_billion, kv_bytes_per_token, architecture, base_model, tags, metadata, "
    "catalogued) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, true) "
    "ON CONFLICT (name) DO UPDATE SET parameters_billion = excluded.parameters_billion, "
    "kv_bytes_per_token = excluded.kv_bytes_per_token, architecture = excluded.architecture, "
    "base_model = excluded.base_model, tags = excluded.tags, metadata = excluded.metadata, catalogued = true";
constexpr char kForgetUseCases[] =
    "DELETE FROM model_use_cases WHERE model_id = (SELECT id FROM models WHERE name = $1)";
constexpr char kPutUseCase[] =
    "INSERT INTO model_use_cases (model_id, use_case_id, suitability) SELECT id, $2, $3 FROM models WHERE name = $1";

using UseCasesByModel = std::map<std::string, std::vector<domain::ModelUseCase>>;

base::Result<UseCasesByModel> ReadUseCases(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kUseCases, {}, scope));
  UseCasesByModel use_cases;
  for (int row = 0; row < rows.size(); ++row) {
    use_cases[rows.Text(row, 0)].push_back({rows.Text(row, 1), rows.Double(row, 2)});
  }
  return use_cases;
}

domain::Model ModelIn(const Rows& rows, int row) {
  return {.name = rows.Text(row, 0),
          .parameters_billion = rows.OptionalDouble(row, 1),
          .kv_bytes_per_token = rows.OptionalDouble(row, 2),
          .architecture = rows.Text(row, 3),
          .base_model = rows.Text(row, 4),
          .tags = rows.Texts(row, 5),
          .metadata = json::ReadAnnotations(rows.Text(row, 6))};
}

}  // namespace

base::Result<std::vector<domain::Model>> ReadModels(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kModels, {}, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto use_cases, ReadUseCases(connection, scope));
  std::vector<domain::Model> models;
  for (int row = 0; row < rows.size(); ++row) {
    auto& model = models.emplace_back(ModelIn(rows, row));
    if (const auto found = use_cases.find(model.name); found != use_cases.end()) model.use_cases = found->second;
  }
  return models;
}

base::Status PutModel(Connection& connection, const domain::Model& model, const CallScope& scope) {
  Parameters values;
  values.Text(model.name).Double(model.parameters_billion).Double(model.kv_bytes_per_token).Text(model.architecture);
  values.Text(model.base_model).Texts(model.tags).Text(json::WriteAnnotations(model.metadata));
  LOADLINE_RETURN_IF_ERROR(connection.Run(kPut, values, scope));
  return {};
}

base::Status PutModelUseCases(Connection& connection, const domain::Model& model, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Run(kForgetUseCases, Parameters().Text(model.name), scope));
  for (const auto& [use_case, suitability] : model.use_cases) {
    Parameters values;
    values.Text(model.name).Text(use_case).Double(suitability);
    LOADLINE_RETURN_IF_ERROR(connection.Run(kPutUseCase, values, scope));
  }
  return {};
}

}  // namespace loadline::store::postgres
