#!/usr/bin/env bash
# promtool reads the rules of the PrometheusRule, and runs alerts_test.yaml on
# them. Installs Debian's prometheus, which has it; where it may not, skips.
#
#   alerts_test.sh PYTHON
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHON=$1
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT

command -v promtool >/dev/null || scripts/install-deps.sh deploy || true
if ! command -v promtool >/dev/null; then
  echo "SKIPPED: there is no promtool, and it could not be installed"
  exit 77
fi

"$PYTHON" - "$FOLDER/rules.yaml" <<'END'
import sys, yaml
with open("deploy/k8s/components/monitoring/alerts.yaml") as rule, open(sys.argv[1], "w") as plain:
    yaml.safe_dump(yaml.safe_load(rule)["spec"], plain)
END
cp tests/deploy/alerts_test.yaml "$FOLDER/"
promtool check rules "$FOLDER/rules.yaml"
promtool test rules "$FOLDER/alerts_test.yaml"
