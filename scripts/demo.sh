#!/usr/bin/env bash
# The story of `make demo`: both services on free ports with a fresh copy of
# the data, a plan, an import, and the plan that it changes. Leaves nothing
# running.
set -euo pipefail
cd "$(dirname "$0")/.."
BIN=${BIN:-build/release/bin}
source scripts/processes.sh

SAMPLE=data/samples/guidellm-llama-3.1-8b-mi300x.json
FOLDER=$(mktemp -d)

clean_up() {
  halt planner "$FOLDER"
  halt benchmark-store "$FOLDER"
  rm -rf "$FOLDER"
}
trap clean_up EXIT

say() { printf '\n%s\n' "$*"; }

# Shows a command as a person would type it, and runs it.
show() {
  printf '\n$ loadline'
  printf ' %q' "$@"
  printf '\n'
  "$BIN/loadline" "$@"
}

plan() { show plan --use-case chatbot --rps 20 --model meta-llama/llama-3.1-8b-instruct --top 3; }

cp data/*.json "$FOLDER"
launch benchmark-store "$FOLDER" LISTEN_ADDRESS=127.0.0.1:0 DATA_DIR="$FOLDER"
await_event benchmark-store "$FOLDER" listening
LOADLINE_STORE=127.0.0.1:$(port_of benchmark-store "$FOLDER")
launch planner "$FOLDER" LISTEN_ADDRESS=127.0.0.1:0 BENCHMARK_STORE_ADDRESS="$LOADLINE_STORE"
await_event planner "$FOLDER" serving
LOADLINE_PLANNER=127.0.0.1:$(port_of planner "$FOLDER")
export LOADLINE_STORE LOADLINE_PLANNER

say "benchmark-store runs on $LOADLINE_STORE and planner on $LOADLINE_PLANNER, with the synthetic demo benchmarks."
say "1. A chatbot is to answer 20 requests/s with Llama 3.1 8B. What keeps its SLO, and what does it cost?"
plan

say "2. Somebody has tried the same model on an MI300X and sends GuideLLM's report (a sample: calculated, not measured)."
show import --hardware AMD-Instinct-MI300X --hardware-count 1 --framework vllm --framework-version 0.11.0 \
  --precision fp8 "$SAMPLE"

say "3. The planner has heard of it. The same question again:"
plan

cat <<END

The same without the command line, while the services run (make run):
  grpcurl -plaintext -d '{"use_case": "chatbot", "requests_per_second": 20}' 127.0.0.1:50052 loadline.planner.v1.PlannerService/PlanCapacity
  grpcurl -plaintext -d '{"filter": {"hardware": "H100"}, "page_size": 2}' 127.0.0.1:50051 loadline.benchmark.v1.BenchmarkService/ListBenchmarks
  grpcurl -plaintext 127.0.0.1:50051 loadline.catalog.v1.CatalogService/ListHardware

Next: make run (leaves both running), loadline --help, README.md. Everything the demo started is stopped again.
END
