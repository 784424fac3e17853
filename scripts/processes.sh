# Sourced by services.sh and demo.sh: starting and stopping the two services.
# BIN is the folder of the binaries.

is_alive() { [[ -s "$1" ]] && kill -0 "$(<"$1")" 2>/dev/null; }

# launch NAME FOLDER VARIABLE=VALUE...: starts BIN/NAME in the background with
# FOLDER/NAME.pid and FOLDER/NAME.log.
launch() {
  local name=$1 folder=$2
  shift 2
  : >"$folder/$name.log"  # before it starts: nobody may read the last run's
  env "$@" setsid "$BIN/$name" >"$folder/$name.log" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
}

# await_event NAME FOLDER EVENT: waits until NAME has logged EVENT; where it
# ends or takes longer than 60 s, shows its log and fails.
await_event() {
  local name=$1 folder=$2 event=$3
  for ((tries = 0; tries < 600; ++tries)); do
    grep -q "\"event\":\"$event\"" "$folder/$name.log" && return 0
    is_alive "$folder/$name.pid" || break
    sleep 0.1
  done
  echo "$name did not get as far as '$event'; its log, $folder/$name.log:" >&2
  tail -n 20 "$folder/$name.log" >&2
  return 1
}

# port_of NAME FOLDER: the port that NAME says it listens on.
port_of() { sed -nE '/"event":"listening"/s/.*"port":"?([0-9]+).*/\1/p' "$2/$1.log" | tail -n 1; }

# halt NAME FOLDER: SIGTERM, and waits for the end; after 30 s, SIGKILL.
halt() {
  local name=$1 pid_file=$2/$1.pid
  is_alive "$pid_file" || { rm -f "$pid_file"; return 0; }
  local pid
  pid=$(<"$pid_file")
  kill -TERM "$pid"
  for ((tries = 0; tries < 300; ++tries)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null && echo "$name did not stop within 30 s and was killed" >&2
  rm -f "$pid_file"
}
