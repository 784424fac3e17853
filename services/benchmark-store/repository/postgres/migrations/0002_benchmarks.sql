-- What was measured. Benchmarks are never changed nor deleted, so that a read
-- of any past revision is `revision <= N`.

CREATE TABLE configurations (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_version_id integer NOT NULL REFERENCES model_versions,
  hardware_config_id integer NOT NULL REFERENCES hardware_configs,
  framework_id integer NOT NULL REFERENCES inference_frameworks,
  benchmark_count bigint NOT NULL DEFAULT 0 CHECK (benchmark_count >= 0),
  UNIQUE (model_version_id, hardware_config_id, framework_id)
);

-- All benchmarks of one configuration at one shape. Stores keep these in
-- memory, to find the nearest shape without asking the database.
CREATE TABLE curves (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  configuration_id integer NOT NULL REFERENCES configurations,
  input_tokens double precision NOT NULL CHECK (input_tokens > 0 AND input_tokens <= 10000000),
  output_tokens double precision NOT NULL CHECK (output_tokens > 0 AND output_tokens <= 10000000),
  -- The revisions that added it, and that changed this row last.
  created_revision bigint NOT NULL CHECK (created_revision > 0),
  changed_revision bigint NOT NULL CHECK (changed_revision >= created_revision),
  -- The months, of UTC, in which its dated benchmarks were measured; and
  -- whether it has undated ones. They say which partitions hold it.
  first_month date,
  last_month date CHECK (last_month >= first_month),
  undated boolean NOT NULL,
  UNIQUE (configuration_id, input_tokens, output_tokens),
  CHECK (undated OR first_month IS NOT NULL)
);
CREATE INDEX curves_changed_revision ON curves (changed_revision);

-- Where benchmarks came from: what many rows of a report share.
CREATE TABLE provenances (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL
    CHECK (origin IN ('measured', 'simulated', 'interpolated', 'estimated', 'synthetic')),
  confidence_level text COLLATE "C" NOT NULL,
  format text COLLATE "C" NOT NULL,
  tool_version text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  -- Of all of the above: paths are too long for an index.
  content_hash bytea NOT NULL UNIQUE CHECK (octet_length(content_hash) = 32)
);

-- Latencies in milliseconds, lengths in tokens, rates a second. NULL: absent.
CREATE TABLE benchmark_results (
  -- A hash of the content, of which `measured_at` is a part: the same id is
  -- always in the same partition, and so unique in all.
  id bytea NOT NULL CHECK (octet_length(id) = 12),
  curve_id integer NOT NULL REFERENCES curves,
  provenance_id integer NOT NULL REFERENCES provenances,
  revision bigint NOT NULL CHECK (revision > 0),
  measured_at timestamptz CHECK (measured_at >= '2000-01-01 00:00+00' AND measured_at < '2200-01-01 00:00+00'),
  saturated boolean NOT NULL,
  mean_input_tokens double precision,
  prompt_tokens double precision,
  prompt_tokens_stdev double precision,
  prompt_tokens_min double precision,
  prompt_tokens_max double precision,
  mean_output_tokens double precision,
  output_tokens double precision,
  output_tokens_stdev double precision,
  output_tokens_min double precision,
  output_tokens_max double precision,
  requests_per_second double precision,
  responses_per_second double precision NOT NULL,
  concurrency double precision,
  ttft_mean double precision,
  ttft_p50 double precision,
  ttft_p90 double precision,
  ttft_p95 double precision,
  ttft_p99 double precision,
  itl_mean double precision,
  itl_p50 double precision,
  itl_p90 double precision,
  itl_p95 double precision,
  itl_p99 double precision,
  e2e_mean double precision,
  e2e_p50 double precision,
  e2e_p90 double precision,
  e2e_p95 double precision,
  e2e_p99 double precision,
  tpot_mean double precision,
  tpot_p50 double precision,
  tpot_p90 double precision,
  tpot_p95 double precision,
  tpot_p99 double precision,
  tokens_per_second double precision,
  completed_requests bigint,
  failed_requests bigint,
  UNIQUE NULLS NOT DISTINCT (id, measured_at),
  CONSTRAINT has_lengths CHECK (coalesce(mean_input_tokens, prompt_tokens) IS NOT NULL
    AND coalesce(mean_output_tokens, output_tokens) IS NOT NULL),
  CONSTRAINT lengths_in_range CHECK (
    LEAST(mean_input_tokens, prompt_tokens, mean_output_tokens, output_tokens) > 0
    AND LEAST(prompt_tokens_stdev, prompt_tokens_min, prompt_tokens_max,
              output_tokens_stdev, output_tokens_min, output_tokens_max) >= 0
    AND GREATEST(mean_input_tokens, prompt_tokens, prompt_tokens_stdev, prompt_tokens_min, prompt_tokens_max,
                 mean_output_tokens, output_tokens, output_tokens_stdev, output_tokens_min, output_tokens_max)
        <= 10000000),
  CONSTRAINT rates_in_range CHECK (LEAST(requests_per_second, responses_per_second, tokens_per_second) > 0
    AND GREATEST(requests_per_second, responses_per_second, tokens_per_second) <= 1e9),
  CONSTRAINT concurrency_in_range CHECK (concurrency > 0 AND concurrency <= 1e7),
  CONSTRAINT counts_in_range CHECK (LEAST(completed_requests, failed_requests) >= 0
    AND GREATEST(completed_requests, failed_requests) <= 1000000000000000),
  CONSTRAINT has_latencies CHECK (coalesce(
    ttft_mean, ttft_p50, ttft_p90, ttft_p95, ttft_p99, itl_mean, itl_p50, itl_p90, itl_p95, itl_p99,
    e2e_mean, e2e_p50, e2e_p90, e2e_p95, e2e_p99) IS NOT NULL),
  CONSTRAINT latencies_in_range CHECK (
    LEAST(ttft_mean, ttft_p50, ttft_p90, ttft_p95, ttft_p99, itl_mean, itl_p50, itl_p90, itl_p95, itl_p99,
          e2e_mean, e2e_p50, e2e_p90, e2e_p95, e2e_p99, tpot_mean, tpot_p50, tpot_p90, tpot_p95, tpot_p99) > 0
    AND GREATEST(ttft_mean, ttft_p50, ttft_p90, ttft_p95, ttft_p99, itl_mean, itl_p50, itl_p90, itl_p95, itl_p99,
          e2e_mean, e2e_p50, e2e_p90, e2e_p95, e2e_p99, tpot_mean, tpot_p50, tpot_p90, tpot_p95, tpot_p99)
        <= 86400000),
  -- Rounded percentiles may cross by a millionth. An absent one is skipped by
  -- comparing each with the greatest before it.
  CONSTRAINT ttft_percentiles_rise CHECK (
    coalesce(ttft_p50 <= ttft_p90 * 1.000001, true)
    AND coalesce(GREATEST(ttft_p50, ttft_p90) <= ttft_p95 * 1.000002, true)
    AND coalesce(GREATEST(ttft_p50, ttft_p90, ttft_p95) <= ttft_p99 * 1.000003, true)),
  CONSTRAINT itl_percentiles_rise CHECK (
    coalesce(itl_p50 <= itl_p90 * 1.000001, true)
    AND coalesce(GREATEST(itl_p50, itl_p90) <= itl_p95 * 1.000002, true)
    AND coalesce(GREATEST(itl_p50, itl_p90, itl_p95) <= itl_p99 * 1.000003, true)),
  CONSTRAINT e2e_percentiles_rise CHECK (
    coalesce(e2e_p50 <= e2e_p90 * 1.000001, true)
    AND coalesce(GREATEST(e2e_p50, e2e_p90) <= e2e_p95 * 1.000002, true)
    AND coalesce(GREATEST(e2e_p50, e2e_p90, e2e_p95) <= e2e_p99 * 1.000003, true))
) PARTITION BY RANGE (measured_at);
CREATE INDEX benchmark_results_curve ON benchmark_results (curve_id, responses_per_second, id);

-- Holds what is not dated, and what no month's partition takes: the latter is
-- watched (see docs/OPERATIONS.md).
CREATE TABLE benchmark_results_default PARTITION OF benchmark_results DEFAULT;

-- Makes the partition of the month, of UTC, that starts on `month`, with the
-- rows that the default partition holds of it. Readers and writers of other
-- months are not kept waiting. False: it was there.
CREATE FUNCTION ensure_benchmark_partition(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  first_moment text := to_char(date_trunc('month', month::timestamp), 'YYYY-MM-DD') || ' 00:00:00+00';
  next_moment text := to_char(date_trunc('month', month::timestamp) + interval '1 month', 'YYYY-MM-DD')
    || ' 00:00:00+00';
  partition text := 'benchmark_results_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN false; END IF;
  PERFORM pg_advisory_xact_lock(7023364509);
  -- Somebody may have made it while we waited. The name caches do not know yet;
  -- a query does.
  IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
              WHERE i.inhparent = 'benchmark_results'::regclass AND c.relname = partition) THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE benchmark_results INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
  EXECUTE format('WITH moved AS (DELETE FROM benchmark_results_default WHERE measured_at >= %L AND measured_at < %L '
    'RETURNING *) INSERT INTO %I SELECT * FROM moved', first_moment, next_moment, partition);
  EXECUTE format('ALTER TABLE benchmark_results ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    partition, first_moment, next_moment);
  RETURN true;
END $$;

-- Rows that import refused, as they came, with what speaks against them.
-- JSON text, not jsonb: it keeps every number and character.
CREATE TABLE benchmark_quarantine (
  revision bigint NOT NULL CHECK (revision > 0),
  id bytea NOT NULL UNIQUE CHECK (octet_length(id) = 12),
  document json NOT NULL,
  PRIMARY KEY (revision, id)
);

-- Every committed change. A snapshot id names the data as of a revision: a
-- database that was set back and went on gives other ones.
CREATE TABLE revisions (
  revision bigint PRIMARY KEY CHECK (revision >= 0),
  at timestamptz NOT NULL DEFAULT now(),
  snapshot_id uuid NOT NULL DEFAULT gen_random_uuid(),
  catalog_changed boolean NOT NULL DEFAULT false
);
INSERT INTO revisions (revision) VALUES (0);

-- Which models got benchmarks at which revision.
CREATE TABLE change_log (
  revision bigint NOT NULL REFERENCES revisions,
  model text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (revision, model)
);

-- One row. Whoever changes data locks it first, so that changes come one after
-- the other.
CREATE TABLE store_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0),
  -- The last revisions that changed the catalogue, and any row of `curves`.
  catalog_revision bigint NOT NULL DEFAULT 0 CHECK (catalog_revision <= revision),
  curves_revision bigint NOT NULL DEFAULT 0 CHECK (curves_revision <= revision),
  benchmark_count bigint NOT NULL DEFAULT 0 CHECK (benchmark_count >= 0),
  quarantined_count bigint NOT NULL DEFAULT 0 CHECK (quarantined_count >= 0)
);
INSERT INTO store_state DEFAULT VALUES;
