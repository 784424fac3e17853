-- What is measured, on what, with what, and for what.
--
-- Names sort by bytes (COLLATE "C"), as the domain orders them. Numbers are as
-- precise as the domain's. `catalogued` rows belong to the catalogue that plans
-- use; the others are there because benchmarks name them.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- GiB of memory that weights of `bits` each need, with a fifth for what a
-- server keeps beside them. NULL where something is not known.
CREATE FUNCTION vram_gib(parameters_billion double precision, bits double precision) RETURNS double precision
  LANGUAGE sql IMMUTABLE
  RETURN parameters_billion * 1e9 * bits / 8 * 1.2 / 1073741824;

CREATE TABLE models (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE CHECK (name <> '' AND octet_length(name) <= 256),
  architecture text NOT NULL DEFAULT '',
  parameters_billion double precision CHECK (parameters_billion > 0),
  -- Bytes of one token's KV cache at 16 bits.
  kv_bytes_per_token double precision CHECK (kv_bytes_per_token > 0),
  base_model text NOT NULL DEFAULT '',
  tags text[] NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  catalogued boolean NOT NULL DEFAULT false,
  search_document tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', translate(name || ' ' || base_model || ' ' || architecture, '/-_.', '    '))) STORED
);
CREATE INDEX models_search_document ON models USING gin (search_document);
CREATE INDEX models_name_trigrams ON models USING gin (name gin_trgm_ops);

CREATE TABLE model_versions (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_id integer NOT NULL REFERENCES models,
  version text COLLATE "C" NOT NULL DEFAULT '',
  precision text COLLATE "C" NOT NULL CHECK (octet_length(precision) <= 256),
  bits double precision CHECK (bits > 0),
  format text NOT NULL DEFAULT '',
  artifact_uri text NOT NULL DEFAULT '',
  vram_gib double precision CHECK (vram_gib > 0),
  UNIQUE (model_id, precision, version)
);

CREATE TABLE hardware_types (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE CHECK (name <> '' AND octet_length(name) <= 256),
  memory_gib double precision CHECK (memory_gib > 0 AND memory_gib <= 100000),
  aliases text[] NOT NULL DEFAULT '{}',
  catalogued boolean NOT NULL DEFAULT false
);

CREATE TABLE hardware_configs (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hardware_type_id integer NOT NULL REFERENCES hardware_types,
  hardware_count integer NOT NULL CHECK (hardware_count BETWEEN 1 AND 100000),
  UNIQUE (hardware_type_id, hardware_count)
);

-- What one GPU costs an hour.
CREATE TABLE hardware_prices (
  hardware_type_id integer NOT NULL REFERENCES hardware_types,
  provider text COLLATE "C" NOT NULL CHECK (provider <> ''),
  purchase_option text COLLATE "C" NOT NULL CHECK (purchase_option <> ''),
  instance text COLLATE "C" NOT NULL DEFAULT '',
  spot boolean GENERATED ALWAYS AS (purchase_option = 'spot') STORED,
  usd_per_gpu_hour double precision NOT NULL CHECK (usd_per_gpu_hour > 0 AND usd_per_gpu_hour <= 100000),
  PRIMARY KEY (hardware_type_id, provider, purchase_option, instance)
);

CREATE TABLE inference_frameworks (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL CHECK (octet_length(name) <= 256),
  version text COLLATE "C" NOT NULL CHECK (octet_length(version) <= 256),
  capabilities text[] NOT NULL DEFAULT '{}',
  default_config jsonb NOT NULL DEFAULT '{}',
  UNIQUE (name, version)
);

CREATE TABLE use_case_taxonomy (
  id text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
  display_name text NOT NULL,
  description text NOT NULL,
  category text NOT NULL DEFAULT '',
  pipeline_tag text NOT NULL DEFAULT '',
  characteristics jsonb NOT NULL DEFAULT '{}',
  input_tokens double precision NOT NULL CHECK (input_tokens > 0 AND input_tokens <= 10000000),
  output_tokens double precision NOT NULL CHECK (output_tokens > 0 AND output_tokens <= 10000000),
  slo text NOT NULL CHECK (slo <> ''),
  cost_weight double precision NOT NULL CHECK (cost_weight >= 0),
  latency_weight double precision NOT NULL CHECK (latency_weight >= 0),
  quality_weight double precision NOT NULL CHECK (quality_weight >= 0),
  CHECK (abs(cost_weight + latency_weight + quality_weight - 1) < 1e-6)
);

CREATE TABLE model_use_cases (
  model_id integer NOT NULL REFERENCES models,
  use_case_id text COLLATE "C" NOT NULL REFERENCES use_case_taxonomy,
  suitability double precision NOT NULL CHECK (suitability BETWEEN 0 AND 1),
  PRIMARY KEY (model_id, use_case_id)
);
