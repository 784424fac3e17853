#!/usr/bin/env bash
# Backups of a PostgreSQL server from which any moment can be restored: base
# backups, and an archive of the write-ahead log (WAL) that joins them.
# BACKUPS is a folder that the server's user can write; best on another machine.
#
#   scripts/postgres-backup.sh enable BACKUPS     the server archives its WAL from its next restart on
#   scripts/postgres-backup.sh base BACKUPS       takes a base backup and verifies it
#   scripts/postgres-backup.sh list BACKUPS       what there is
#   scripts/postgres-backup.sh prune BACKUPS N    keeps the N newest base backups and the WAL since
#   scripts/postgres-backup.sh restore BACKUPS DATA [--time T | --point NAME] [--base NAME]
#       fills the folder DATA so that a server started on it goes to the moment T (such as
#       '2026-11-21 09:30:00+00') or to the restore point NAME, else to the end of the archive, and takes
#       writes from there on. From the newest base backup before T, or from the one named.
#   scripts/postgres-backup.sh archive BACKUPS PATH NAME     what the server runs for a file of WAL
#
# `enable` and `base` reach the server as libpq does (PGHOST, PGPORT, PGUSER,
# ~/.pgpass), as a superuser or a role with REPLICATION.
set -euo pipefail
SELF=$(realpath "$0")
source "$(dirname "$SELF")/postgres-common.sh"

usage() { fail "$1: see the top of $SELF"; }

quoted_for_sql() { printf "'%s'" "${1//\'/\'\'}"; }
quoted_for_settings() { quoted_for_sql "${1//\\/\\\\}"; }

# --- Archiving ---

enable() {
  mkdir -p "$BACKUPS/wal" "$BACKUPS/base"
  [[ $EUID -ne 0 ]] || chown postgres: "$BACKUPS" "$BACKUPS/wal" "$BACKUPS/base"
  local command
  command="$(printf '%q ' "$SELF" archive "$BACKUPS")\"%p\" %f"
  "$PG_BIN/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="${PGDATABASE:-postgres}" <<SQL
ALTER SYSTEM SET archive_mode = on;
ALTER SYSTEM SET archive_command = $(quoted_for_sql "$command");
ALTER SYSTEM SET archive_timeout = '60s';
SQL
  echo "Restart the server. From then on its WAL goes to $BACKUPS/wal, at least once a minute where there are changes."
}

# The server asks again until this succeeds, and may ask twice for one file
# after a crash. A file under its final name is whole and on disk.
archive() {
  local path=$1 target=$BACKUPS/wal/$2
  if [[ -e $target ]]; then
    cmp --silent "$path" "$target" || fail "$target is there with other content: is another server archiving there?"
    return
  fi
  cp "$path" "$target.new"
  sync "$target.new"
  mv "$target.new" "$target"
  sync "$BACKUPS/wal"
}

# --- Base backups ---

# Names are the moment, in UTC, when the backup was complete: it can go to no
# earlier one.
base() {
  mkdir -p "$BACKUPS/base"
  local name
  unfinished=$BACKUPS/base/.unfinished.$$
  trap 'rm -rf "$unfinished"' EXIT
  "$PG_BIN/pg_basebackup" --pgdata="$unfinished" --wal-method=stream --checkpoint=fast --no-password
  "$PG_BIN/pg_verifybackup" --quiet "$unfinished"
  name=$(date --utc +%Y%m%dT%H%M%S.%6NZ)
  mv "$unfinished" "$BACKUPS/base/$name"
  trap - EXIT
  echo "$BACKUPS/base/$name"
}

bases() { (cd "$BACKUPS/base" 2>/dev/null && ls) || true; }

# The first file of WAL that a base backup needs.
first_wal_of() { sed -nE 's/^START WAL LOCATION: .*\(file ([0-9A-F]+)\)$/\1/p' "$BACKUPS/base/$1/backup_label"; }

list() {
  local name
  for name in $(bases); do
    printf '%s  %s  needs WAL from %s\n' "$name" "$(du --summarize --human-readable "$BACKUPS/base/$name" | cut -f 1)" \
      "$(first_wal_of "$name")"
  done
  printf '%d files of WAL\n' "$(find "$BACKUPS/wal" -type f | wc -l)"
}

prune() {
  local keep=$1 name
  [[ $keep =~ ^[1-9][0-9]*$ ]] || usage "keep how many base backups? Not '$keep'"
  for name in $(bases | head --lines="-$keep"); do
    rm -r "${BACKUPS:?}/base/$name"
    echo "removed $name"
  done
  local oldest
  oldest=$(bases | head --lines=1)
  [[ -z $oldest ]] || "$PG_BIN/pg_archivecleanup" "$BACKUPS/wal" "$(first_wal_of "$oldest")"
}

# --- Restoring ---

# newest_base_before TIME: in the form of names, whose order is that of time.
newest_base_before() {
  local name newest=
  for name in $(bases); do
    [[ $name > $1 ]] || newest=$name
  done
  [[ -n $newest ]] || fail "no base backup in $BACKUPS/base was complete by $1"
  echo "$newest"
}

parse_target() {
  time='' point='' from=''
  while (($# > 0)); do
    [[ $# -ge 2 ]] || usage "$1 needs a value"
    case "$1" in
      --time) time=$(date --utc --date="$2" '+%F %T.%6N+00') || usage "'$2' is no time" ;;
      --point) point=$2 ;;
      --base) from=$2 ;;
      *) usage "restore does not know '$1'" ;;
    esac
    shift 2
  done
  [[ -z $time || -z $point ]] || usage "a time or a restore point, not both"
}

# The restored server must not archive over the history that it came from. A
# target of an earlier restore may be in the backup; two are refused.
write_recovery_settings() {
  sed --in-place '/^recovery_target/d' "$1"
  {
    echo "archive_mode = off"
    echo "restore_command = $(quoted_for_settings "cp $(printf '%q' "$BACKUPS/wal")/%f \"%p\"")"
    echo "recovery_target_action = promote"
    [[ -z $time ]] || echo "recovery_target_time = $(quoted_for_settings "$time")"
    [[ -z $point ]] || echo "recovery_target_name = $(quoted_for_settings "$point")"
  } >>"$1"
}

restore() {
  local data=$1
  shift
  parse_target "$@"
  [[ ! -e $data || -z $(ls -A "$data") ]] || fail "$data is not empty"
  if [[ -z $from ]]; then
    from=$(newest_base_before "$(date --utc ${time:+--date="$time"} +%Y%m%dT%H%M%S.%6NZ)")
  fi
  [[ -d $BACKUPS/base/$from ]] || fail "there is no base backup '$from'"
  "$PG_BIN/pg_verifybackup" --quiet "$BACKUPS/base/$from"
  mkdir -p "$data"
  cp --archive --no-target-directory "$BACKUPS/base/$from" "$data"
  write_recovery_settings "$data/postgresql.auto.conf"
  touch "$data/recovery.signal"
  [[ $EUID -ne 0 ]] || chown --recursive postgres: "$data"
  chmod 700 "$data"
  echo "$data goes on from the base backup $from to ${time:-${point:-the end of the archive}} when a server starts on it."
}

[[ $# -ge 2 ]] || usage "what, and in which folder?"
action=$1
BACKUPS=$(realpath --canonicalize-missing "$2")
shift 2
case "$action" in
  enable | base | list) "$action" ;;
  archive) archive "${1:?PATH}" "${2:?NAME}" ;;
  prune) prune "${1:?N}" ;;
  restore) restore "$(realpath --canonicalize-missing "${1:?DATA}")" "${@:2}" ;;
  *) usage "'$action' is not known" ;;
esac
