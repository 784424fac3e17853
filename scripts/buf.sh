#!/usr/bin/env bash
# Runs buf (checks of protobuf files) from npm; where npm is absent, says so
# and succeeds.
#
#   scripts/buf.sh check      lint and formatting
#   scripts/buf.sh breaking   against proto/baseline.binpb
#   scripts/buf.sh baseline   makes today's contract the baseline
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npx >/dev/null; then
  echo "buf: skipped, npm is not installed (scripts/install-deps.sh proto)"
  exit 0
fi

buf() { npx --yes @bufbuild/buf@1.75.0 "$@" 2> >(grep -v '^npm warn' >&2); }

case "${1:-}" in
  check) buf lint proto && buf format --diff --exit-code proto && echo "buf: lint and format are clean" ;;
  breaking) buf breaking proto --against proto/baseline.binpb && echo "buf: nothing breaks the baseline" ;;
  baseline) buf build proto --exclude-source-info --output proto/baseline.binpb ;;
  *)
    echo "usage: scripts/buf.sh check|breaking|baseline" >&2
    exit 2
    ;;
esac
