#!/usr/bin/env bash
# docs/OPERATIONS.md lists exactly the settings that each service says it has
# when it starts, with their defaults, and the variables of the command line.
#
#   settings_test.sh BENCHMARK_STORE PLANNER LOADLINE
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
DOCUMENT=$ROOT/docs/OPERATIONS.md
STORE=$1 PLANNER=$2 LOADLINE=$3
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT

# What the table documents for a column: NAME=default lines.
documented() {
  awk -F ' *[|] *' -v column="$1" '$2 ~ /^`[A-Z_]+`$/ && NF == 6 && $column ~ /^`.*`$/ {
    gsub(/`/, "", $2); gsub(/`/, "", $column); print $2 "=" $column
  }' <(sed -n '/^## Settings/,/^The command line/p' "$DOCUMENT") | sort
}

# What a service says: the fields in capitals of its line `config`. It runs in
# an environment of its own, in a folder with the default data, on a free port.
effective() {
  local program=$1
  : >"$FOLDER/log"
  mkdir -p "$FOLDER/data"
  cp "$ROOT"/data/*.json "$FOLDER/data/"
  (cd "$FOLDER" && exec env -i LISTEN_ADDRESS=127.0.0.1:0 "$program") 2>"$FOLDER/log" &
  pid=$!
  trap 'kill "$pid" 2>/dev/null || true' EXIT
  until grep -q '"event":"listening"' "$FOLDER/log"; do
    kill -0 "$pid" || { cat "$FOLDER/log" >&2; return 1; }
    sleep 0.05
  done
  kill -TERM "$pid"
  wait "$pid"
  grep '"event":"config"' "$FOLDER/log" | grep -oE '"[A-Z_]+":"[^"]*"' | sed -E 's/^"([A-Z_]+)":"(.*)"$/\1=\2/' | sort
}

# LISTEN_ADDRESS is the one that this test itself sets.
same() {
  local what=$1 expected=$2 actual=$3
  if ! diff <(sed 's/^LISTEN_ADDRESS=.*/LISTEN_ADDRESS=/' <<<"$expected") \
    <(sed 's/^LISTEN_ADDRESS=.*/LISTEN_ADDRESS=/' <<<"$actual"); then
    echo "docs/OPERATIONS.md (<) and $what (>) do not agree" >&2
    return 1
  fi
  echo "$what: $(wc -l <<<"$actual") settings, all documented"
}

same benchmark-store "$(documented 3)" "$(effective "$STORE")"
same planner "$(documented 4)" "$(effective "$PLANNER")"
same loadline "$(grep -oE '^\| `LOADLINE_[A-Z_]+`' "$DOCUMENT" | tr -d '|` ' | sort)" \
  "$("$LOADLINE" --help | grep -oE 'LOADLINE_[A-Z_]+' | sort -u)"
