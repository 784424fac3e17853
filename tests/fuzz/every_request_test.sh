#!/usr/bin/env bash
# Every call of the contract has its request in a fuzz target.
#
#   every_request_test.sh REPOSITORY
set -euo pipefail
cd "$1"

calls=$(grep -rhoP '^\s*rpc \K\w+' proto/loadline)
missing=0
for call in $calls; do
  grep -qE "(::${call}|\b${call}Request)\b" tests/fuzz/*_fuzz.cc && continue
  echo "no fuzz target in tests/fuzz answers $call"
  missing=$((missing + 1))
done
echo "$(wc -w <<<"$calls") calls, $missing without a fuzz target"
[[ -n $calls ]] && ((missing == 0))
