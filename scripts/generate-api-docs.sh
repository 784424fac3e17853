#!/usr/bin/env bash
# Writes docs/API.md from the comments of the contract in proto/loadline.
#
#   scripts/generate-api-docs.sh           writes the file
#   scripts/generate-api-docs.sh --check   fails where the file is not current
set -euo pipefail
cd "$(dirname "$0")/.."

PROTOS=(
  proto/loadline/planner/v1/planner_service.proto
  proto/loadline/benchmark/v1/benchmark_service.proto
  proto/loadline/benchmark/v1/benchmark.proto
  proto/loadline/catalog/v1/catalog_service.proto
)

generate() {
  cat <<'END'
# API

Written by `make docs` from the comments in `proto/loadline`; change those. Errors carry `google.rpc.Status` details:
`ErrorInfo` (domain `loadline.dev` and a stable reason) always, and `BadRequest`, `RetryInfo`, `ResourceInfo` or
`PreconditionFailure` where they apply. Numbers that are `optional` and not set are unknown, never 0.
END
  awk -f scripts/api-docs.awk "${PROTOS[@]}"
}

case "${1:-}" in
  "") generate >docs/API.md ;;
  --check)
    if ! diff <(generate) docs/API.md; then
      echo "docs/API.md is not what the comments of the contract say: run make docs" >&2
      exit 1
    fi
    ;;
  *)
    echo "usage: scripts/generate-api-docs.sh [--check]" >&2
    exit 2
    ;;
esac
