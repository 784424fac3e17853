#!/usr/bin/env bash
# docs/OPERATIONS.md lists exactly the reasons for which the judge and the
# store's intake put rows into quarantine.
set -euo pipefail
cd "$(dirname "$0")/../.."

given() {
  grep -ohE '"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+"|"CONTRADICTORY"' libs/domain/judge*.cc \
    services/benchmark-store/app/canonical_names.cc | tr -d '"' | sort -u
}
documented() {
  sed -n '/^## Rows in quarantine/,/^## Exit status/p' docs/OPERATIONS.md |
    sed -nE 's/^\| `([A-Z0-9_]+)` \|.*/\1/p' | sort -u
}

if ! diff <(documented) <(given); then
  echo "docs/OPERATIONS.md (<) and the code (>) do not agree on the reasons for quarantine" >&2
  exit 1
fi
echo "$(given | wc -l) reasons, all documented"
