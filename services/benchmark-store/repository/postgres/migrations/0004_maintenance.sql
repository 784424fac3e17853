-- What stores do for the database between changes, one of them at a time: as of
-- which revision each task was done last, and how long it took.
CREATE TABLE maintenance (
  task text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL DEFAULT 0,
  benchmark_count bigint NOT NULL DEFAULT 0,
  done_at timestamptz NOT NULL DEFAULT now(),
  took interval NOT NULL DEFAULT '0'
);
INSERT INTO maintenance (task) VALUES ('daily_model_stats'), ('default_partition'), ('planner_statistics');

-- Only an owner may do these. As functions they can be granted to a role that
-- serves and owns nothing.
CREATE FUNCTION refresh_daily_model_stats() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY daily_model_stats;
END $$;

CREATE FUNCTION analyze_benchmarks() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  ANALYZE benchmark_results, curves, configurations, models;
END $$;

ALTER FUNCTION ensure_benchmark_partition(date) SECURITY DEFINER SET search_path FROM CURRENT;
ALTER FUNCTION refresh_daily_model_stats() SECURITY DEFINER SET search_path FROM CURRENT;
ALTER FUNCTION analyze_benchmarks() SECURITY DEFINER SET search_path FROM CURRENT;
REVOKE EXECUTE ON FUNCTION ensure_benchmark_partition(date), refresh_daily_model_stats(), analyze_benchmarks()
  FROM PUBLIC;
