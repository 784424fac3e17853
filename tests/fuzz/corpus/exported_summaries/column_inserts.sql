--
-- PostgreSQL database dump
--

\restrict abc

SET client_encoding = 'UTF8';

CREATE TABLE public.exported_summaries (
    id text,
    config_id text,
    ttft_p99 text,
    model_hf_repo text,
    ttft_mean text,
    ttft_p90 text,
    ttft_p95 text,
    e2e_mean text,
    e2e_p95 text,
    itl_mean text,
    itl_p95 text,
    hardware text,
    hardware_count text,
    framework text,
    framework_version text,
    entrypoint text,
    requests_per_second text,
    responses_per_second text,
    tokens_per_second text,
    mean_input_tokens text,
    mean_output_tokens text,
    prompt_tokens text,
    output_tokens text,
    jbenchmark_created_at text,
    profiler_tag text,
    CONSTRAINT positive CHECK ((requests_per_second > '0'::text))
);

INSERT INTO public.other VALUES (1, 'INSERT INTO public.exported_summaries VALUES (''x'');');
INSERT INTO public.exported_summaries (id, config_id, ttft_p99, model_hf_repo, ttft_mean, ttft_p90, ttft_p95, e2e_mean, e2e_p95, itl_mean, itl_p95, hardware, hardware_count, framework, framework_version, entrypoint, requests_per_second, responses_per_second, tokens_per_second, mean_input_tokens, mean_output_tokens, prompt_tokens, output_tokens, jbenchmark_created_at, profiler_tag) VALUES
	('0', 'c0', '320', 'example-org/model-7b', '230', '260', '280', '1500', '1800', '10', '11.5', 'H100', '2', 'vllm', 'v0.8.4', 'plain', '2.5', '2.25', '288.0', '510', '128', '512', '128', '2026-01-02 03:04:05', 'v0.3.0'),
	('1', 'c1', '320', 'example-org/model-7b', '230', '260', '280', '1500', '1800', '10', '11.5', 'H100', '2', 'vllm', 'v0.8.4', 'tab	back\slash
line ''quoted'' $1', '3.5', '3.25', '416.0', '510', '128', '512', '128', '2026-01-02 03:04:05', 'v0.3.0') ON CONFLICT (id) DO NOTHING;
INSERT INTO public.exported_summaries (id, config_id, ttft_p99, model_hf_repo, ttft_mean, ttft_p90, ttft_p95, e2e_mean, e2e_p95, itl_mean, itl_p95, hardware, hardware_count, framework, framework_version, entrypoint, requests_per_second, responses_per_second, tokens_per_second, mean_input_tokens, mean_output_tokens, prompt_tokens, output_tokens, jbenchmark_created_at, profiler_tag) VALUES ('2', 'c2', '320', 'example-org/model-7b', '230', '260', '280', '1500', '1800', '10', '11.5', 'H100', '2', 'vllm', 'v0.8.4', NULL, '4.5', '4.25', '544.0', '510', '128', '512', '128', '2026-01-02 03:04:05', 'v0.3.0');
