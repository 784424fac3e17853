# Sourced by the tests of the PostgreSQL scripts: a folder, a free port, checks,
# and an end that leaves no server behind.
folder=$(mktemp --directory)
chmod 755 "$folder"  # the server runs as another user where we are root
failures=0

free_port() {
  local port
  for ((tries = 0; tries < 100; ++tries)); do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  return 1
}

failed() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# equal WHAT EXPECTED ACTUAL
equal() { [[ $2 == "$3" ]] || failed "$1: expected '$2', got '$3'"; }

# contains WHAT PART TEXT
contains() { [[ $3 == *"$2"* ]] || failed "$1: expected '$2' in: $3"; }

# lacks WHAT PART TEXT
lacks() { [[ $3 != *"$2"* ]] || failed "$1: did not expect '$2' in: $3"; }

# refuses PART COMMAND...: it fails, and says PART.
refuses() {
  local part=$1 said
  shift
  if said=$("$@" 2>&1); then failed "went well: $*"; else contains "$*" "$part" "$said"; fi
}

finish() {
  ((failures == 0)) || exit 1
  echo "all as it should be"
}
