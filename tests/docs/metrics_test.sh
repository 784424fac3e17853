#!/usr/bin/env bash
# docs/OPERATIONS.md lists exactly the metrics of tests/golden/metrics, each
# with the programs that have it.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C

# NAME PROGRAM lines.
given() {
  for program in benchmark-store planner; do
    sed -E "s/ .*/ $program/" "tests/golden/metrics/$program.txt"
  done | sort
}
documented() {
  sed -n '/^### The metrics/,/^## /p' docs/OPERATIONS.md |
    awk -F ' *[|] *' '$2 ~ /^`[a-z_]+`$/ {
      gsub(/`/, "", $2)
      if ($3 == "both" || $3 == "store") print $2 " benchmark-store"
      if ($3 == "both" || $3 == "planner") print $2 " planner"
    }' | sort
}

if ! diff <(documented) <(given); then
  echo "docs/OPERATIONS.md (<) and tests/golden/metrics (>) do not agree" >&2
  exit 1
fi
echo "$(given | wc -l) metrics, all documented"
