-- What was measured of each model on each day, of UTC; refreshed by the store
-- after changes (see docs/OPERATIONS.md).
CREATE MATERIALIZED VIEW daily_model_stats AS
  SELECT (b.measured_at AT TIME ZONE 'UTC')::date AS day,
         m.name AS model,
         count(*) AS benchmark_count,
         count(DISTINCT k.id) AS configuration_count,
         max(b.responses_per_second) AS max_responses_per_second,
         min(b.ttft_p95) AS min_ttft_p95,
         min(b.itl_p95) AS min_itl_p95,
         min(b.e2e_p95) AS min_e2e_p95
    FROM benchmark_results b
    JOIN curves c ON c.id = b.curve_id
    JOIN configurations k ON k.id = c.configuration_id
    JOIN model_versions v ON v.id = k.model_version_id
    JOIN models m ON m.id = v.model_id
   WHERE b.measured_at IS NOT NULL
   GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_model_stats_key ON daily_model_stats (day, model);
