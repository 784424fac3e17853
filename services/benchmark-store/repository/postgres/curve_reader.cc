#include "services/benchmark-store/repository/postgres/curve_reader.h"

#include <algorithm>
#include <limits>

#include "services/benchmark-store/repository/postgres/store_state.h"

namespace loadline::store::postgres {
namespace {

// Bounds the memory of one answer.
constexpr int kBatch = 20'000;
constexpr int kChangedRevision = 6;

const Statement kCurves = {
    .name = "read_curves",
    .sql =
        "SELECT id, configuration_id, input_tokens, output_tokens, created_revision, "
        "CASE WHEN first_month IS NULL THEN -1 WHEN undated OR first_month <> last_month THEN -2 "
        "ELSE (extract(year FROM first_month) * 12 + extract(month FROM first_month) - 1)::int4 END, changed_revision "
        "FROM curves WHERE (changed_revision, id) > ($1, $2) ORDER BY changed_revision, id LIMIT $3"};

const Statement kConfigurations = {
    .name = "read_configurations",
    .sql =
        "SELECT k.id, m.name, v.precision, t.name, h.hardware_count, f.name, f.version FROM configurations k "
        "JOIN model_versions v ON v.id = k.model_version_id JOIN models m ON m.id = v.model_id "
        "JOIN hardware_configs h ON h.id = k.hardware_config_id JOIN hardware_types t ON t.id = h.hardware_type_id "
        "JOIN inference_frameworks f ON f.id = k.framework_id WHERE k.id > $1 ORDER BY k.id LIMIT $2"};

StoredCurve CurveIn(const Rows& rows, int row) {
  return {.id = rows.Integer(row, 0),
          .configuration_id = rows.Integer(row, 1),
          .shape = {rows.Double(row, 2), rows.Double(row, 3)},
          .created = rows.BigInteger(row, 4),
          .month = rows.Integer(row, 5)};
}

StoredConfiguration ConfigurationIn(const Rows& rows, int row) {
  return {.id = rows.Integer(row, 0),
          .configuration = {.model = rows.Text(row, 1),
                            .precision = rows.Text(row, 2),
                            .hardware = rows.Text(row, 3),
                            .hardware_count = rows.Integer(row, 4),
                            .framework = rows.Text(row, 5),
                            .framework_version = rows.Text(row, 6)}};
}

/// `curves` in order of id, the last of those with the same.
std::vector<StoredCurve> LastOfEach(std::vector<StoredCurve> curves) {
  std::stable_sort(curves.begin(), curves.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto kept =
      std::unique(curves.rbegin(), curves.rend(), [](const auto& a, const auto& b) { return a.id == b.id; });
  curves.erase(curves.begin(), kept.base());
  return curves;
}

/// Curves that changed after the revision `after`. One that changes again while
/// they are read comes again, later.
base::Result<std::vector<StoredCurve>> ChangedCurves(Connection& connection, domain::Revision after,
                                                     const CallScope& scope) {
  std::vector<StoredCurve> curves;
  auto revision = after;
  auto id = std::numeric_limits<std::int32_t>::max();
  while (true) {
    LOADLINE_ASSIGN_OR_RETURN(
        const auto rows, connection.Run(kCurves, Parameters().BigInteger(revision).Integer(id).Integer(kBatch), scope));
    for (int row = 0; row < rows.size(); ++row) curves.push_back(CurveIn(rows, row));
    if (rows.size() < kBatch) return LastOfEach(std::move(curves));
    revision = rows.BigInteger(rows.size() - 1, kChangedRevision);
    id = curves.back().id;
  }
}

base::Result<std::vector<StoredConfiguration>> NewConfigurations(Connection& connection, std::int32_t after,
                                                                 const CallScope& scope) {
  std::vector<StoredConfiguration> configurations;
  while (true) {
    const auto last = configurations.empty() ? after : configurations.back().id;
    LOADLINE_ASSIGN_OR_RETURN(const auto rows,
                              connection.Run(kConfigurations, Parameters().Integer(last).Integer(kBatch), scope));
    for (int row = 0; row < rows.size(); ++row) configurations.push_back(ConfigurationIn(rows, row));
    if (rows.size() < kBatch) return configurations;
  }
}

}  // namespace

base::Result<std::shared_ptr<const CurveIndex>> ReadCurves(Connection& connection, const CurveIndex& previous,
                                                           const CallScope& scope) {
  // In this order, what is read later may be newer, and is never too old.
  LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(auto curves, ChangedCurves(connection, previous.curves_revision(), scope));
  LOADLINE_ASSIGN_OR_RETURN(auto configurations,
                            NewConfigurations(connection, previous.last_configuration_id(), scope));
  return std::make_shared<const CurveIndex>(previous, std::move(configurations), std::move(curves),
                                            state.curves_revision);
}

}  // namespace loadline::store::postgres
