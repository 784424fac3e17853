#!/usr/bin/env bash
# Renders the overlays and components of deploy/k8s and checks them: against
# JSON Schemas where there are some, and against rules of our own.
#
#   scripts/k8s-check.sh [SCHEMAS]
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian's Python has the modules that scripts/install-deps.sh installs.
for python in /usr/bin/python3 python3; do
  "$python" -c 'import jsonschema, yaml' 2>/dev/null && exec "$python" -B scripts/k8s_check.py "$@"
done
echo "SKIPPED: Python's yaml and jsonschema are not installed (scripts/install-deps.sh build)"
exit 77
