#!/usr/bin/env bash
# Prints how many inputs each fuzz target has run in the last `ctest`.
#
#   scripts/fuzz-summary.sh BUILD_FOLDER
set -euo pipefail

awk '
  /^[0-9]+\/[0-9]+ Test: / { target = $3 }
  /^Done [0-9]+ runs in / { printf "%10d executions in %4d s  %s\n", $2, $5, target; sum += $2 }
  END { printf "%10d in all\n", sum }
' "$1/Testing/Temporary/LastTest.log"
