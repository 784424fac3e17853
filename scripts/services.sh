#!/usr/bin/env bash
# Runs both services in the background, with their data in var/data and their
# logs and process ids in var/run.
#
#   scripts/services.sh start|stop|status
#
#   STORE_LISTEN, PLANNER_LISTEN   addresses (127.0.0.1:50051, 127.0.0.1:50052)
#   BIN                            folder of the binaries (build/release/bin)
set -euo pipefail
cd "$(dirname "$0")/.."
BIN=${BIN:-build/release/bin}
source scripts/processes.sh

RUN=var/run
DATA=var/data
STORE_LISTEN=${STORE_LISTEN:-127.0.0.1:50051}
PLANNER_LISTEN=${PLANNER_LISTEN:-127.0.0.1:50052}

# Imports change the data, so they work on a copy: a checkout stays clean.
copy_data() {
  [[ -d $DATA ]] && return
  mkdir -p "$DATA.new"
  cp data/*.json "$DATA.new/"
  mv "$DATA.new" "$DATA"
}

start_one() {
  local name=$1
  shift
  if is_alive "$RUN/$name.pid"; then
    echo "$name is already running (process $(<"$RUN/$name.pid"))"
    return
  fi
  launch "$name" "$RUN" "$@"
  await_event "$name" "$RUN" listening || { rm -f "$RUN/$name.pid"; return 1; }
}

report() {
  local name
  for name in benchmark-store planner; do
    if is_alive "$RUN/$name.pid"; then
      printf '%-16s 127.0.0.1:%-6s process %-8s log %s\n' "$name" "$(port_of "$name" "$RUN")" "$(<"$RUN/$name.pid")" \
        "$RUN/$name.log"
    else
      printf '%-16s not running\n' "$name"
    fi
  done
}

start() {
  mkdir -p "$RUN"
  copy_data
  start_one benchmark-store LISTEN_ADDRESS="$STORE_LISTEN" DATA_DIR="$DATA"
  start_one planner LISTEN_ADDRESS="$PLANNER_LISTEN" BENCHMARK_STORE_ADDRESS="127.0.0.1:$(port_of benchmark-store "$RUN")"
  await_event planner "$RUN" serving
  report
  echo
  echo "Try    $BIN/loadline plan --use-case chatbot --rps 20"
  echo "Data   $DATA (delete it to start again from the demo set)"
  echo "Stop   make stop"
}

stop() {
  halt planner "$RUN"
  halt benchmark-store "$RUN"
  echo "Both services are stopped."
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  status) report ;;
  *)
    echo "usage: scripts/services.sh start|stop|status" >&2
    exit 2
    ;;
esac
