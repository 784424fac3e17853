#include "services/benchmark-store/repository/postgres/catalog_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "libs/json/catalog_json.h"
#include "services/benchmark-store/repository/postgres/model_rows.h"
#include "services/benchmark-store/repository/postgres/store_state.h"

namespace loadline::store::postgres {
namespace {

constexpr char kHardware[] = "SELECT id, name, memory_gib, aliases FROM hardware_types WHERE catalogued ORDER BY name";
constexpr char kOneHardware[] =
    "SELECT id, name, memory_gib, aliases FROM hardware_types WHERE catalogued AND name = $1";
constexpr char kPrices[] =
    "SELECT hardware_type_id, provider, purchase_option, usd_per_gpu_hour FROM hardware_prices "
    "WHERE instance = '' ORDER BY hardware_type_id, provider, purchase_option";
constexpr char kUseCases[] =
    "SELECT id, display_name, description, input_tokens, output_tokens, slo, cost_weight, latency_weight, "
    "quality_weight, excellent_slo, category, pipeline_tag, characteristics::text FROM use_case_taxonomy ORDER BY id";

constexpr char kPutHardware[] =
    "INSERT INTO hardware_types (name, memory_gib, aliases, catalogued) VALUES ($1, $2, $3, true) "
    "ON CONFLICT (name) DO UPDATE SET memory_gib = excluded.memory_gib, aliases = excluded.aliases, catalogued = true";
constexpr char kPutPrice[] =
    "INSERT INTO hardware_prices (hardware_type_id, provider, purchase_option, usd_per_gpu_hour) "
    "SELECT id, $2, $3, $4 FROM hardware_types WHERE name = $1 "
    "ON CONFLICT (hardware_type_id, provider, purchase_option, instance) "
    "DO UPDATE SET usd_per_gpu_hour = excluded.usd_per_gpu_hour";
constexpr char kPutUseCase[] =
    "INSERT INTO use_case_taxonomy (id, display_name, description, input_tokens, output_tokens, slo, cost_weight, "
    "latency_weight, quality_weight, excellent_slo, category, pipeline_tag, characteristics) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb) "
    "ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, description = excluded.description, "
    "input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, slo = excluded.slo, "
    "cost_weight = excluded.cost_weight, latency_weight = excluded.latency_weight, "
    "quality_weight = excluded.quality_weight, excellent_slo = excluded.excellent_slo, "
    "category = excluded.category, pipeline_tag = excluded.pipeline_tag, characteristics = excluded.characteristics";
constexpr char kNewRevision[] =
    "INSERT INTO revisions (revision, catalog_changed) SELECT revision + 1, true FROM store_state; "
    "UPDATE store_state SET revision = revision + 1, catalog_revision = revision + 1; "
    "SELECT pg_notify('loadline_changes', '')";

using PricesByHardware = std::map<std::int32_t, std::vector<domain::HardwarePrice>>;

base::Result<PricesByHardware> ReadPrices(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kPrices, {}, scope));
  PricesByHardware prices;
  for (int row = 0; row < rows.size(); ++row) {
    prices[rows.Integer(row, 0)].push_back({rows.Text(row, 1), rows.Text(row, 2), rows.Double(row, 3)});
  }
  return prices;
}

std::vector<domain::Hardware> HardwareIn(const Rows& rows, const PricesByHardware& prices) {
  std::vector<domain::Hardware> hardware;
  for (int row = 0; row < rows.size(); ++row) {
    const auto found = prices.find(rows.Integer(row, 0));
    hardware.push_back({.name = rows.Text(row, 1),
                        .memory_gib = rows.OptionalDouble(row, 2),
                        .prices = found == prices.end() ? std::vector<domain::HardwarePrice>() : found->second,
                        .aliases = rows.Texts(row, 3)});
  }
  return hardware;
}

base::Result<std::optional<domain::Slo>> ExcellentIn(const std::string& text) {
  if (text.empty()) return std::nullopt;
  LOADLINE_ASSIGN_OR_RETURN(auto slo, domain::Slo::Parse(text));
  return slo;
}

base::Result<std::vector<domain::UseCase>> UseCasesIn(const Rows& rows) {
  std::vector<domain::UseCase> use_cases;
  for (int row = 0; row < rows.size(); ++row) {
    auto slo = domain::Slo::Parse(rows.Text(row, 5));
    if (!slo) return base::Fail(base::Internal("use_case_taxonomy: " + slo.error().message));
    auto excellent = ExcellentIn(rows.Text(row, 9));
    if (!excellent) return base::Fail(base::Internal("use_case_taxonomy: " + excellent.error().message));
    use_cases.push_back({.id = rows.Text(row, 0),
                         .display_name = rows.Text(row, 1),
                         .description = rows.Text(row, 2),
                         .shape = {rows.Double(row, 3), rows.Double(row, 4)},
                         .slo = *std::move(slo),
                         .weights = {rows.Double(row, 6), rows.Double(row, 7), rows.Double(row, 8)},
                         .excellent = *std::move(excellent),
                         .category = rows.Text(row, 10),
                         .pipeline_tag = rows.Text(row, 11),
                         .characteristics = json::ReadAnnotations(rows.Text(row, 12))});
  }
  return use_cases;
}

base::Result<std::optional<domain::Hardware>> ReadHardware(Connection& connection, const std::string& name,
                                                           const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kOneHardware, Parameters().Text(name), scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto prices, ReadPrices(connection, scope));
  auto found = HardwareIn(rows, prices);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

base::Status PutHardware(Connection& connection, const domain::Hardware& hardware, const CallScope& scope) {
  Parameters parameters;
  parameters.Text(hardware.name).Double(hardware.memory_gib).Texts(hardware.aliases);
  LOADLINE_RETURN_IF_ERROR(connection.Run(kPutHardware, parameters, scope));
  for (const auto& price : hardware.prices) {
    Parameters values;
    values.Text(hardware.name).Text(price.provider).Text(price.purchase_option).Double(price.usd_per_gpu_hour);
    LOADLINE_RETURN_IF_ERROR(connection.Run(kPutPrice, values, scope));
  }
  return {};
}

base::Status PutUseCase(Connection& connection, const domain::UseCase& use_case, const CallScope& scope) {
  Parameters values;
  values.Text(use_case.id).Text(use_case.display_name).Text(use_case.description);
  values.Double(use_case.shape.input_tokens).Double(use_case.shape.output_tokens).Text(use_case.slo.ToString());
  values.Double(use_case.weights.cost).Double(use_case.weights.latency).Double(use_case.weights.quality);
  values.Text(use_case.excellent ? use_case.excellent->ToString() : "");
  values.Text(use_case.category).Text(use_case.pipeline_tag).Text(json::WriteAnnotations(use_case.characteristics));
  LOADLINE_RETURN_IF_ERROR(connection.Run(kPutUseCase, values, scope));
  return {};
}

bool IsEmpty(const Catalog& catalog) {
  return catalog.models.empty() && catalog.hardware.empty() && catalog.use_cases.empty();
}

base::Status PutCatalog(Connection& connection, const Catalog& catalog, const CallScope& scope) {
  for (const auto& model : catalog.models) LOADLINE_RETURN_IF_ERROR(PutModel(connection, model, scope));
  for (const auto& hardware : catalog.hardware) LOADLINE_RETURN_IF_ERROR(PutHardware(connection, hardware, scope));
  for (const auto& use_case : catalog.use_cases) LOADLINE_RETURN_IF_ERROR(PutUseCase(connection, use_case, scope));
  for (const auto& model : catalog.models) LOADLINE_RETURN_IF_ERROR(PutModelUseCases(connection, model, scope));
  return connection.Execute(kNewRevision, scope);
}

/// Within a transaction.
base::Result<Catalog> ReadTables(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto models, ReadModels(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto hardware, connection.Run(kHardware, {}, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto prices, ReadPrices(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto use_case_rows, connection.Run(kUseCases, {}, scope));
  LOADLINE_ASSIGN_OR_RETURN(auto use_cases, UseCasesIn(use_case_rows));
  return Catalog{
      .models = std::move(models), .hardware = HardwareIn(hardware, prices), .use_cases = std::move(use_cases)};
}

// Of hardware, domain::Merge.
domain::Model Merge(domain::Model base, const domain::Model& change) {
  if (change.parameters_billion) base.parameters_billion = change.parameters_billion;
  if (change.kv_bytes_per_token) base.kv_bytes_per_token = change.kv_bytes_per_token;
  if (!change.architecture.empty()) base.architecture = change.architecture;
  if (!change.base_model.empty()) base.base_model = change.base_model;
  if (!change.tags.empty()) base.tags = change.tags;
  if (!change.use_cases.empty()) base.use_cases = change.use_cases;
  if (!change.metadata.empty()) base.metadata = change.metadata;
  return base;
}

domain::UseCase Merge(const domain::UseCase& /*base*/, const domain::UseCase& change) { return change; }

/// The element of `values` with the name of `wanted`; null where there is none.
template <typename T>
const T* Find(const std::vector<T>& values, std::string T::*name, const T& wanted) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const T& each) { return each.*name == wanted.*name; });
  return found == values.end() ? nullptr : &*found;
}

/// What of `changes`, merged into `present`, differs from it.
template <typename T>
std::vector<T> Differing(const std::vector<T>& present, const std::vector<T>& changes, std::string T::*name) {
  std::vector<T> differing;
  for (const T& change : changes) {
    const T* before = Find(present, name, change);
    T after = before == nullptr ? change : Merge(*before, change);
    if (before == nullptr || *before != after) differing.push_back(std::move(after));
  }
  return differing;
}

}  // namespace

Catalog CatalogChanges(const Catalog& present, const Catalog& change) {
  return {.models = Differing(present.models, change.models, &domain::Model::name),
          .hardware = Differing(present.hardware, change.hardware, &domain::Hardware::name),
          .use_cases = Differing(present.use_cases, change.use_cases, &domain::UseCase::id)};
}

base::Result<StoredCatalog> ReadCatalog(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, Transaction::BeginSnapshot(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(auto catalog, ReadTables(connection, scope));
  return StoredCatalog{.catalog = std::make_shared<const Catalog>(std::move(catalog)),
                       .changed_at = state.catalog_revision};
}

base::Status SeedCatalog(Connection& connection, const Catalog& catalog, const CallScope& scope) {
  if (IsEmpty(catalog)) return {};
  LOADLINE_ASSIGN_OR_RETURN(const auto before, ReadState(connection, scope));
  if (before.catalog_revision != 0) return {};
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, LockState(connection, scope));
  if (state.catalog_revision != 0) return {};
  LOADLINE_RETURN_IF_ERROR(PutCatalog(connection, catalog, scope));
  return transaction.Commit(scope);
}

base::Status MergeCatalog(Connection& connection, const Catalog& change, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_RETURN_IF_ERROR(LockState(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto present, ReadTables(connection, scope));
  const auto changes = CatalogChanges(present, change);
  if (IsEmpty(changes)) return {};
  LOADLINE_RETURN_IF_ERROR(PutCatalog(connection, changes, scope));
  return transaction.Commit(scope);
}

base::Result<UpsertedHardware> UpsertHardware(Connection& connection, const domain::Hardware& change,
                                              const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, LockState(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto before, ReadHardware(connection, change.name, scope));
  auto merged =
      domain::Merge(before.value_or(domain::Hardware{.name = change.name, .prices = {}, .aliases = {}}), change);
  if (before == merged) return UpsertedHardware{std::move(merged), state.revision};
  LOADLINE_RETURN_IF_ERROR(PutHardware(connection, merged, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kNewRevision, scope));
  LOADLINE_RETURN_IF_ERROR(transaction.Commit(scope));
  return UpsertedHardware{std::move(merged), state.revision + 1};
}

}  // namespace loadline::store::postgres
