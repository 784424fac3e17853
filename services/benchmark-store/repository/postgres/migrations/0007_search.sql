-- Words of models for SearchModels: as the store itself parts them, so that
-- both backends find the same. The word lists of text search and the parser
-- behind them would part `v0.1` and `8x7b` by other rules.

-- Lower-case runs of ASCII letters and digits, parted by single spaces.
CREATE FUNCTION search_text(name text, base_model text, architecture text, tags text[]) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN btrim(regexp_replace(
    lower((name || ' ' || base_model || ' ' || architecture || ' ' || array_to_string(tags, ' ')) COLLATE "C"),
    '[^a-z0-9]+', ' ', 'g'));

CREATE FUNCTION search_words(name text, base_model text, architecture text, tags text[]) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_to_tsvector(
    array_remove(string_to_array(search_text(name, base_model, architecture, tags), ' '), ''));

DROP INDEX models_name_trigrams;
ALTER TABLE models
  DROP COLUMN search_document,
  ADD COLUMN search_text text COLLATE "C"
    GENERATED ALWAYS AS (search_text(name, base_model, architecture, tags)) STORED,
  ADD COLUMN search_words tsvector
    GENERATED ALWAYS AS (search_words(name, base_model, architecture, tags)) STORED;
CREATE INDEX models_search_words ON models USING gin (search_words);
CREATE INDEX models_search_text ON models USING gin (search_text gin_trgm_ops);
