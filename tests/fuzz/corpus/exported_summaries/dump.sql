--
-- PostgreSQL database dump
--
SET client_encoding = 'UTF8';
COPY public.exported_summaries (id, model_hf_repo, ttft_mean) FROM stdin;
1	m	20.5
\.
