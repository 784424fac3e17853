#!/usr/bin/env bash
# clang-format over all C++, then clang-tidy over every .cc that PRESET
# compiles (default dev, which must be configured).
set -euo pipefail
cd "$(dirname "$0")/.."
PRESET=${PRESET:-dev}
ROOMS=(libs services cli data tests bench)

mapfile -t sources < <(git ls-files -- "${ROOMS[@]/%//*.cc}" "${ROOMS[@]/%//*.h}")
echo "clang-format: ${#sources[@]} files"
status=0
clang-format-14 --dry-run -Werror "${sources[@]}" || status=1

# clang-tidy reads the generated headers, so they must be there.
cmake --build "build/$PRESET" --target loadline_api_proto loadline_rpc_proto >/dev/null
log=$(mktemp)
trap 'rm -f "$log"' EXIT
rooms=$(IFS='|'; echo "${ROOMS[*]}")
echo "clang-tidy: every .cc of build/$PRESET/compile_commands.json"
if ! run-clang-tidy-14 -quiet -p "build/$PRESET" -j "${JOBS:-$(nproc)}" "^$PWD/($rooms)/" >"$log" 2>&1; then
  grep -E -A 4 '(warning|error):' "$log" || tail -n 30 "$log"
  status=1
fi
exit "$status"
