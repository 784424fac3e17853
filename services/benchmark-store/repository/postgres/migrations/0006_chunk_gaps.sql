-- Gaps between the chunks of streamed answers, in milliseconds, where they are
-- not the ITL. Chunks may arrive together, so that a gap may be 0.
ALTER TABLE benchmark_results
  ADD COLUMN chunk_gap_mean double precision,
  ADD COLUMN chunk_gap_p50 double precision,
  ADD COLUMN chunk_gap_p90 double precision,
  ADD COLUMN chunk_gap_p95 double precision,
  ADD COLUMN chunk_gap_p99 double precision,
  ADD CONSTRAINT chunk_gaps_in_range CHECK (
    LEAST(chunk_gap_mean, chunk_gap_p50, chunk_gap_p90, chunk_gap_p95, chunk_gap_p99) >= 0
    AND GREATEST(chunk_gap_mean, chunk_gap_p50, chunk_gap_p90, chunk_gap_p95, chunk_gap_p99) <= 86400000);
