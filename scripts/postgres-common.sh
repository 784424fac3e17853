# Sourced by postgres.sh and postgres-backup.sh.
#
#   PG_BIN   folder of PostgreSQL's programs (/usr/lib/postgresql/15/bin)
PG_BIN=${PG_BIN:-/usr/lib/postgresql/15/bin}

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# PostgreSQL's server and what writes its folders refuse to run as root: then
# they run as the user postgres.
as_postgres() {
  if [[ $EUID -eq 0 ]]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

# A folder that the server owns; nobody else may look into it.
make_server_folder() {
  mkdir -p "$1"
  if [[ $EUID -eq 0 ]]; then
    chown postgres: "$1"
    as_postgres test -x "$1" || fail "the user postgres cannot reach $1: choose another folder"
  fi
  chmod 700 "$1"
}
