#!/usr/bin/env bash
# A PostgreSQL of your own, for development: with Debian's packages, or in a
# container where POSTGRES_WITH=docker. It listens on 127.0.0.1 only.
#
#   scripts/postgres.sh start           starts it and prints the DATABASE_URL; does no harm if it runs
#   scripts/postgres.sh stop            stops it; the data stays
#   scripts/postgres.sh status          says whether it runs
#   scripts/postgres.sh url             prints the DATABASE_URL, for scripts
#   scripts/postgres.sh environment     prints what makes psql the superuser, for eval (not with docker)
#   scripts/postgres.sh shell [ARG...]  psql, with its arguments
#   scripts/postgres.sh load DUMP       loads a dump into the database, which must be empty
#
#   POSTGRES_PORT      port (55432)
#   POSTGRES_DATABASE  database; made where it is not there (loadline)
#   POSTGRES_DIR       folder of the data (var/postgres)
#   POSTGRES_WITH      debian or docker (debian)
set -euo pipefail
CALLED_FROM=$PWD
cd "$(dirname "$0")/.."
source scripts/postgres-common.sh

PORT=${POSTGRES_PORT:-55432}
DATABASE=${POSTGRES_DATABASE:-loadline}
DIR=$(realpath --canonicalize-missing "${POSTGRES_DIR:-var/postgres}")
CONTAINER=loadline-postgres
IMAGE=postgres:15
[[ $DATABASE =~ ^[a-z_][a-z0-9_]*$ ]] || fail "POSTGRES_DATABASE must be a plain name such as loadline, not '$DATABASE'"

password() { cat "$DIR/password"; }
url() { echo "postgresql://loadline:$(password)@127.0.0.1:$PORT/$DATABASE"; }

# Of letters and digits, so that neither SQL nor a URL must quote it.
make_password() {
  mkdir -p "$DIR"
  [[ -s $DIR/password ]] || (umask 077 && od -An -N 16 -tx1 /dev/urandom | tr -d ' \n' >"$DIR/password")
}

# psql as the role of the product. The password stays off the command line,
# which every user of the machine can read.
as_loadline() {
  PGPASSWORD=$(password) "$PG_BIN/psql" --no-psqlrc --dbname="postgresql://loadline@127.0.0.1:$PORT/$DATABASE" "$@"
}

# --- With Debian's packages ---

debian_admin() { as_postgres "$PG_BIN/psql" --no-psqlrc --quiet --host="$DIR" --port="$PORT" --username=postgres "$@"; }
debian_runs() { [[ -d $DIR/data ]] && as_postgres "$PG_BIN/pg_ctl" status --pgdata="$DIR/data" >/dev/null; }

# Over the socket, which only the owner of the folder reaches, no password is
# asked; over TCP always.
debian_initialise() {
  [[ -s $DIR/data/PG_VERSION ]] && return
  as_postgres "$PG_BIN/initdb" --pgdata="$DIR/data" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256 --no-instructions >/dev/null
}

debian_launch() {
  debian_runs && return
  as_postgres "$PG_BIN/pg_ctl" start --wait --silent --pgdata="$DIR/data" --log="$DIR/log" \
    --options="-p $PORT -k '$DIR' -h 127.0.0.1" && return
  echo "PostgreSQL does not start; the end of its log, $DIR/log (POSTGRES_PORT chooses another port):" >&2
  tail -n 10 "$DIR/log" >&2
  return 1
}

debian_create() {
  debian_admin --dbname=postgres --set=ON_ERROR_STOP=1 <<SQL
SELECT 'CREATE ROLE loadline LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loadline') \\gexec
ALTER ROLE loadline PASSWORD '$(password)';
SELECT 'CREATE DATABASE $DATABASE OWNER loadline'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$DATABASE') \\gexec
SQL
}

debian_start() {
  make_server_folder "$DIR"
  make_password
  debian_initialise
  debian_launch
  debian_create
}

debian_stop() { ! debian_runs || as_postgres "$PG_BIN/pg_ctl" stop --wait --silent --mode=fast --pgdata="$DIR/data"; }

# --- In a container ---

docker_engine() {
  command -v docker >/dev/null && docker info >/dev/null 2>&1 ||
    fail "POSTGRES_WITH=docker needs a container engine that runs ('docker info' fails): start it, or leave POSTGRES_WITH out"
}
docker_runs() { [[ $(docker inspect --format '{{.State.Running}}' "$CONTAINER" 2>/dev/null) == true ]]; }

docker_launch() {
  docker_runs && return
  docker start "$CONTAINER" >/dev/null 2>&1 && return
  # The variable is passed by name: its value stays off the command line.
  POSTGRES_PASSWORD=$(password) docker run --detach --name "$CONTAINER" --publish "127.0.0.1:$PORT:5432" \
    --env POSTGRES_USER=loadline --env POSTGRES_PASSWORD --env POSTGRES_DB="$DATABASE" \
    --volume "$CONTAINER:/var/lib/postgresql/data" "$IMAGE" >/dev/null
}

docker_start() {
  docker_engine
  make_password
  docker_launch
  for ((tries = 0; tries < 300; ++tries)); do
    docker exec "$CONTAINER" pg_isready --quiet --host=127.0.0.1 --username=loadline && return
    sleep 0.1
  done
  fail "the container $CONTAINER does not answer: see 'docker logs $CONTAINER'"
}

docker_stop() {
  docker_engine
  ! docker_runs || docker stop "$CONTAINER" >/dev/null
}

# --- Loading a dump ---

# What a dump says of owners and rights belongs to where it comes from, and
# newer pg_dumps set what this server does not know. Lines of data stay.
without_owners() {
  awk '
    data { print; if ($0 == "\\.") data = 0; next }
    /^COPY .* FROM stdin;/ { data = 1 }
    /^ALTER [A-Z ]+ .* OWNER TO [^;]*;$/ || /^(GRANT|REVOKE) .*;$/ || /^SET transaction_timeout = / { next }
    { print }'
}

sql_of() {
  case "$(head --bytes=5 "$1")" in
    PGDMP) "$PG_BIN/pg_restore" --no-owner --no-privileges --file=- "$1" | without_owners ;;
    $'\x1f\x8b'*) gunzip --stdout "$1" | without_owners ;;
    *) without_owners <"$1" ;;
  esac
}

count_tables() {
  as_loadline --no-align --tuples-only --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
}

load() {
  local dump=$1
  [[ $dump == /* ]] || dump=$CALLED_FROM/$dump
  [[ -r $dump && ! -d $dump ]] || fail "cannot read the dump '$1'"
  [[ ${dump##*.} != @(csv|psv|json) ]] || fail "$1 is no dump but a report: 'loadline import $1' reads it"
  start >/dev/null
  [[ $(count_tables) == 0 ]] || fail "the database $DATABASE holds tables already: give another name, POSTGRES_DATABASE=..."
  sql_of "$dump" | as_loadline --quiet --single-transaction --set=ON_ERROR_STOP=1 --output=/dev/null ||
    fail "$1 was not loaded, and $DATABASE is as it was"
  echo "$(count_tables) tables of $1 are in the database $DATABASE:"
  echo "DATABASE_URL=$(url)"
  say_how_to_adopt
}

# An older tool's table is no use to a store before its rows are copied.
say_how_to_adopt() {
  local found
  found=$(as_loadline --no-align --tuples-only --command="SELECT to_regclass('exported_summaries') IS NOT NULL")
  [[ $found != t ]] || cat <<'TEXT'
To copy its exported_summaries into Loadline's tables, with this DATABASE_URL:
  loadline migrate-data --from "postgresql:$DATABASE_URL" --to "postgresql:$DATABASE_URL"
TEXT
}

# --- Either way ---

start() {
  "${WITH}_start"
  echo "PostgreSQL listens on 127.0.0.1:$PORT; data in $DIR. Stop it with: make postgres-stop"
  echo "DATABASE_URL=$(url)"
}

status() {
  if "${WITH}_runs"; then
    echo "PostgreSQL runs; its database: 127.0.0.1:$PORT/$DATABASE"
  else
    echo "PostgreSQL does not run"
    return 1
  fi
}

need_running() { "${WITH}_runs" || fail "PostgreSQL does not run: make postgres-start"; }

WITH=${POSTGRES_WITH:-debian}
[[ $WITH == @(debian|docker) ]] || fail "POSTGRES_WITH must be debian or docker, not '$WITH'"
[[ -x $PG_BIN/psql ]] || fail "there is no $PG_BIN/psql: run scripts/install-deps.sh"
case "${1:-}" in
  start) start ;;
  stop) "${WITH}_stop" && echo "PostgreSQL is stopped." ;;
  status) status ;;
  url) need_running && url ;;
  environment) echo "export PGHOST='$DIR' PGPORT=$PORT PGUSER=postgres PGDATABASE=postgres" ;;
  shell) need_running && as_loadline "${@:2}" ;;
  load)
    [[ -n ${2:-} ]] || fail "which dump? make postgres-load DUMP=file"
    load "$2"
    ;;
  *) fail "start, stop, status, url, environment, shell or load? See the top of scripts/postgres.sh" ;;
esac
