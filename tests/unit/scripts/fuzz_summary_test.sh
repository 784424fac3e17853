#!/usr/bin/env bash
# scripts/fuzz-summary.sh says what a log of ctest holds.
#
#   fuzz_summary_test.sh PATH_OF_fuzz-summary.sh
set -euo pipefail

script=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/Testing/Temporary"
cat >"$folder/Testing/Temporary/LastTest.log" <<'LOG'
2/4 Testing: done_fuzz
2/4 Test: done_fuzz
Command: "/b/done_fuzz" "-max_total_time=20" "-runs=500" "-seed=1"
Done 500 runs in 3 second(s)
1/4 Test: late_fuzz
Command: "/b/late_fuzz" "-runs=1000000" "-seed=1"
Done 1234 runs in 21 second(s)
3/4 Test: crashed_fuzz
Command: "/b/crashed_fuzz" "-runs=1000000" "-seed=1"
SUMMARY: libFuzzer: deadly signal
4/4 Test: unbounded_fuzz
Command: "/b/unbounded_fuzz" "-runs=-1" "-seed=1"
Done 77 runs in 600 second(s)
LOG

wanted='       500 executions in    3 s  done_fuzz
      1234 executions in   21 s  late_fuzz  of 1000000: out of time
         0 executions in    0 s  crashed_fuzz  ended by what it found
        77 executions in  600 s  unbounded_fuzz
      1811 in all'
diff <(printf '%s\n' "$wanted") <("$script" "$folder")
