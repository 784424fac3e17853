#!/usr/bin/env bash
# Prints how many inputs each fuzz target has run in the last `ctest`, and which
# of them was not done with its inputs when its time was up, or ended before.
#
#   scripts/fuzz-summary.sh BUILD_FOLDER
set -euo pipefail

awk '
  function report() {
    if (target == "") return
    note = seconds == "" ? "  ended by what it found" : runs < planned ? "  of " planned ": out of time" : ""
    printf "%10d executions in %4d s  %s%s\n", runs, seconds, target, note
    sum += runs
  }
  /^[0-9]+\/[0-9]+ Test: / { report(); target = $3; runs = planned = 0; seconds = "" }
  /^Command: / && match($0, /-runs=-?[0-9]+/) { planned = substr($0, RSTART + 6, RLENGTH - 6) + 0 }
  /^Done [0-9]+ runs in / { runs = $2 + 0; seconds = $5 }
  END { report(); printf "%10d in all\n", sum }
' "$1/Testing/Temporary/LastTest.log"
