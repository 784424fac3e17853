-- Latencies of a use case beyond which nothing is gained; '' where they are not known.
ALTER TABLE use_case_taxonomy ADD COLUMN excellent_slo text NOT NULL DEFAULT '';
