#include "services/benchmark-store/repository/postgres/merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/benchmark-store/repository/postgres/benchmark_row.h"

namespace loadline::store::postgres {
namespace {

// About 20,000 rows: half a second of work, to which a statement adds a
// hundredth.
constexpr std::int64_t kPagesAtATime = 1024;
constexpr char kStagedPages[] = "SELECT pg_relation_size('staged_rows') / current_setting('block_size')::int8";

// What staged curves refer to and is not there yet. Looking first, instead of
// leaving it to conflicts, wastes no ids; nobody else adds any meanwhile.
constexpr char kAddNames[] = R"(
INSERT INTO models (name)
  SELECT DISTINCT s.model FROM staged_curves s WHERE NOT EXISTS (SELECT FROM models m WHERE m.name = s.model);
INSERT INTO model_versions (model_id, precision, bits, vram_gib)
  SELECT DISTINCT ON (m.id, s.precision) m.id, s.precision, s.bits, vram_gib(m.parameters_billion, s.bits)
    FROM staged_curves s JOIN models m ON m.name = s.model
   WHERE NOT EXISTS (
     SELECT FROM model_versions v WHERE v.model_id = m.id AND v.precision = s.precision AND v.version = '');
INSERT INTO hardware_types (name)
  SELECT DISTINCT s.hardware FROM staged_curves s
   WHERE NOT EXISTS (SELECT FROM hardware_types t WHERE t.name = s.hardware);
INSERT INTO hardware_configs (hardware_type_id, hardware_count)
  SELECT DISTINCT t.id, s.hardware_count FROM staged_curves s JOIN hardware_types t ON t.name = s.hardware
   WHERE NOT EXISTS (
     SELECT FROM hardware_configs h WHERE h.hardware_type_id = t.id AND h.hardware_count = s.hardware_count);
INSERT INTO inference_frameworks (name, version)
  SELECT DISTINCT s.framework, s.framework_version FROM staged_curves s
   WHERE NOT EXISTS (
     SELECT FROM inference_frameworks f WHERE f.name = s.framework AND f.version = s.framework_version);
)";

// Tables whose rows are new have no statistics yet. The joins are in the order
// that does well without: each by a unique key.
constexpr char kAddCurves[] = R"(
SET LOCAL join_collapse_limit = 1;
ANALYZE staged_curves, staged_provenances;
CREATE TEMP TABLE resolved ON COMMIT DROP AS
  SELECT s.number, v.id AS model_version_id, h.id AS hardware_config_id, f.id AS framework_id, s.shape_input,
         s.shape_output
    FROM staged_curves s
    JOIN models m ON m.name = s.model
    JOIN model_versions v ON v.model_id = m.id AND v.precision = s.precision AND v.version = ''
    JOIN hardware_types t ON t.name = s.hardware
    JOIN hardware_configs h ON h.hardware_type_id = t.id AND h.hardware_count = s.hardware_count
    JOIN inference_frameworks f ON f.name = s.framework AND f.version = s.framework_version;
INSERT INTO configurations (model_version_id, hardware_config_id, framework_id)
  SELECT DISTINCT r.model_version_id, r.hardware_config_id, r.framework_id FROM resolved r
   WHERE NOT EXISTS (
     SELECT FROM configurations k WHERE k.model_version_id = r.model_version_id
        AND k.hardware_config_id = r.hardware_config_id AND k.framework_id = r.framework_id);
INSERT INTO curves (configuration_id, input_tokens, output_tokens, created_revision, changed_revision, undated)
  SELECT DISTINCT k.id, r.shape_input, r.shape_output, n.revision, n.revision, true
    FROM resolved r
    JOIN configurations k USING (model_version_id, hardware_config_id, framework_id)
   CROSS JOIN (SELECT revision + 1 AS revision FROM store_state) n
   WHERE NOT EXISTS (
     SELECT FROM curves c WHERE c.configuration_id = k.id AND c.input_tokens = r.shape_input
        AND c.output_tokens = r.shape_output);
UPDATE staged_curves s SET curve_id = c.id
  FROM resolved r
  JOIN configurations k USING (model_version_id, hardware_config_id, framework_id)
  JOIN curves c ON c.configuration_id = k.id AND c.input_tokens = r.shape_input AND c.output_tokens = r.shape_output
 WHERE r.number = s.number;
INSERT INTO provenances (source, origin, confidence_level, format, tool_version, sha256, path, content_hash)
  SELECT DISTINCT ON (s.content_hash)
         s.source, s.origin, s.confidence_level, s.format, s.tool_version, s.sha256, s.path, s.content_hash
    FROM staged_provenances s
   WHERE NOT EXISTS (SELECT FROM provenances p WHERE p.content_hash = s.content_hash);
UPDATE staged_provenances s SET provenance_id = p.id FROM provenances p WHERE p.content_hash = s.content_hash;
)";

// A row that is there already, or twice in the import, conflicts with itself.
// Some pages of staged rows at a time, so that something can be said of how far
// it is: a curve whose rows lie in several such parts has as many rows in
// merged_curves. The pages are no parameters, or they would be planned for
// blindly.
constexpr char kAddRows[] = R"(
WITH added AS (
  INSERT INTO benchmark_results (id, curve_id, provenance_id, revision, measured_at, {0})
    SELECT s.id, c.curve_id, p.provenance_id, n.revision, s.measured_at, {0}
      FROM staged_rows s
      JOIN staged_curves c ON c.number = s.curve
      JOIN staged_provenances p ON p.number = s.provenance
     CROSS JOIN (SELECT revision + 1 AS revision FROM store_state) n
     WHERE s.ctid >= '({1},0)' AND s.ctid < '({2},0)'
  ON CONFLICT DO NOTHING
  RETURNING curve_id, saturated, measured_at)
INSERT INTO merged_curves
  SELECT curve_id, count(*), count(*) FILTER (WHERE saturated),
         date_trunc('month', min(measured_at) AT TIME ZONE 'UTC'),
         date_trunc('month', max(measured_at) AT TIME ZONE 'UTC'),
         bool_or(measured_at IS NULL)
    FROM added GROUP BY curve_id
)";

constexpr char kSum[] =
    "SELECT coalesce(sum(row_count), 0)::int8, coalesce(sum(saturated_count), 0)::int8 FROM merged_curves";

constexpr char kAddQuarantined[] = R"(
INSERT INTO benchmark_quarantine (revision, id, document)
  SELECT DISTINCT ON (s.id) n.revision, s.id, s.document
    FROM staged_quarantine s CROSS JOIN (SELECT revision + 1 AS revision FROM store_state) n
   WHERE NOT EXISTS (SELECT FROM benchmark_quarantine q WHERE q.id = s.id)
)";

// New curves have the next revision already; the others only get it where their
// months grew.
constexpr char kUpdateCurves[] = R"(
UPDATE curves c
   SET first_month = LEAST(c.first_month, m.first_month),
       last_month = GREATEST(c.last_month, m.last_month),
       undated = CASE WHEN c.created_revision = n.revision THEN m.undated ELSE c.undated OR m.undated END,
       changed_revision = n.revision
  FROM (SELECT curve_id, min(first_month) AS first_month, max(last_month) AS last_month, bool_or(undated) AS undated
          FROM merged_curves GROUP BY curve_id) m
 CROSS JOIN (SELECT revision + 1 AS revision FROM store_state) n
 WHERE c.id = m.curve_id
   AND (c.created_revision = n.revision OR (m.undated AND NOT c.undated)
        OR m.first_month < c.first_month OR m.last_month > c.last_month
        OR (c.first_month IS NULL AND m.first_month IS NOT NULL))
)";

constexpr char kFinish[] = R"(
UPDATE configurations k SET benchmark_count = k.benchmark_count + g.row_count
  FROM (SELECT c.configuration_id, sum(m.row_count) AS row_count
          FROM merged_curves m JOIN curves c ON c.id = m.curve_id GROUP BY 1) g
 WHERE k.id = g.configuration_id;
INSERT INTO revisions (revision) SELECT revision + 1 FROM store_state;
INSERT INTO change_log (revision, model)
  SELECT DISTINCT n.revision, o.name
    FROM merged_curves m
    JOIN curves c ON c.id = m.curve_id
    JOIN configurations k ON k.id = c.configuration_id
    JOIN model_versions v ON v.id = k.model_version_id
    JOIN models o ON o.id = v.model_id
   CROSS JOIN (SELECT revision + 1 AS revision FROM store_state) n;
SELECT pg_notify('loadline_changes', '');
)";

constexpr char kAdvance[] =
    "UPDATE store_state SET revision = revision + 1, benchmark_count = benchmark_count + $1, "
    "quarantined_count = quarantined_count + $2, "
    "curves_revision = CASE WHEN $3 THEN revision + 1 ELSE curves_revision END";

constexpr char kCountRows[] = R"(
SELECT count(*), count(*) FILTER (WHERE saturated) FROM (
  SELECT DISTINCT ON (s.id) s.saturated FROM staged_rows s
   WHERE NOT EXISTS (SELECT FROM benchmark_results b WHERE b.id = s.id AND b.measured_at = s.measured_at)
     AND NOT EXISTS (
       SELECT FROM benchmark_results_default b
        WHERE s.measured_at IS NULL AND b.id = s.id AND b.measured_at IS NULL)) fresh
)";
constexpr char kCountQuarantined[] =
    "SELECT count(DISTINCT s.id) FROM staged_quarantine s "
    "WHERE NOT EXISTS (SELECT FROM benchmark_quarantine q WHERE q.id = s.id)";

base::Status AddStagedRows(Connection& connection, std::int64_t staged, const OnMerged& on_merged,
                           const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto size, connection.Run(kStagedPages, {}, scope));
  const auto pages = size.BigInteger(0, 0);
  for (std::int64_t from = 0; from < pages; from += kPagesAtATime) {
    const auto to = std::min(from + kPagesAtATime, pages);
    LOADLINE_RETURN_IF_ERROR(connection.Execute(fmt::format(kAddRows, ValueColumns(), from, to), scope));
    on_merged(staged * to / pages);
  }
  return {};
}

/// Sums up and updates the curves of what AddStagedRows added.
base::Status FinishCurves(Connection& connection, Merged& merged, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto sum, connection.Run(kSum, {}, scope));
  merged.accepted = sum.BigInteger(0, 0);
  merged.saturated = sum.BigInteger(0, 1);
  LOADLINE_ASSIGN_OR_RETURN(const auto updated, connection.Run(kUpdateCurves, {}, scope));
  merged.curves = updated.affected() > 0;
  return {};
}

base::Status Advance(Connection& connection, const Merged& merged, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kFinish, scope));
  Parameters parameters;
  parameters.BigInteger(merged.accepted).BigInteger(merged.quarantined).Boolean(merged.curves);
  LOADLINE_RETURN_IF_ERROR(connection.Run(kAdvance, parameters, scope));
  return {};
}

}  // namespace

base::Result<Merged> MergeStaged(Connection& connection, std::int64_t staged, const OnMerged& on_merged,
                                 const CallScope& scope) {
  Merged merged;
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kAddNames, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kAddCurves, scope));
  LOADLINE_RETURN_IF_ERROR(AddStagedRows(connection, staged, on_merged, scope));
  LOADLINE_RETURN_IF_ERROR(FinishCurves(connection, merged, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto quarantined, connection.Run(kAddQuarantined, {}, scope));
  merged.quarantined = quarantined.affected();
  if (!merged.empty()) LOADLINE_RETURN_IF_ERROR(Advance(connection, merged, scope));
  return merged;
}

base::Result<Merged> CountStaged(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kCountRows, {}, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto quarantined, connection.Run(kCountQuarantined, {}, scope));
  return Merged{.accepted = rows.BigInteger(0, 0),
                .saturated = rows.BigInteger(0, 1),
                .quarantined = quarantined.BigInteger(0, 0)};
}

}  // namespace loadline::store::postgres
