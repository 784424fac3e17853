#!/usr/bin/env bash
# scripts/postgres-backup.sh goes back to any moment since the oldest base
# backup, and refuses what it cannot do.
#
#   postgres_backup_test.sh POSTGRES_BACKUP_SH
set -euo pipefail
source "$(dirname "$0")/postgres_checks.sh"
postgres=$(dirname "$1")/postgres.sh
# The server runs it, as a user who may not be allowed to see our checkout.
cp "$1" "$(dirname "$1")/postgres-common.sh" "$folder"
backup=$folder/$(basename "$1")

# A name that needs quoting: on the way are a shell, SQL and a settings file.
# (pg_verifybackup cannot take double quotes.)
backups="$folder/our back'ups"
export POSTGRES_DIR=$folder/postgres POSTGRES_PORT
POSTGRES_PORT=$(free_port)
as_server() { if [[ $EUID -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop_restored() { as_server /usr/lib/postgresql/15/bin/pg_ctl stop --silent --mode=immediate --pgdata="$1"; }
trap '"$postgres" stop >/dev/null; for data in "$folder"/restored.*; do stop_restored "$data" || true; done 2>/dev/null
  rm -rf "$folder"' EXIT

ask() { /usr/lib/postgresql/15/bin/psql --no-psqlrc --quiet --no-align --tuples-only --command="$1"; }

# await EXPECTED SQL: until that is the answer, for 20 s.
await() {
  for ((tries = 0; tries < 200; ++tries)); do
    [[ $(ask "$2" 2>&1) != "$1" ]] || return 0
    sleep 0.1
  done
  failed "$2 is not $1 but $(ask "$2" 2>&1)"
}

# words_after TARGET...: the words of a server restored to there.
words_after() {
  local data
  data=$(mktemp --directory "$folder/restored.XXXX")
  "$backup" restore "$backups" "$data" "$@" >/dev/null
  # Its socket is in its data; nothing else can reach it.
  as_server /usr/lib/postgresql/15/bin/pg_ctl start --wait --silent --pgdata="$data" --log="$data/log" \
    --options="-k $data -c listen_addresses=" || { cat "$data/log"; return; }
  export PGHOST=$data
  await f "SELECT pg_is_in_recovery()"
  ask "INSERT INTO words VALUES ('restored')"
  ask "SELECT string_agg(word, ' ' ORDER BY word) FROM words WHERE word <> 'restored'"
  stop_restored "$data"
}

"$postgres" start >/dev/null
eval "$("$postgres" environment)"
"$backup" enable "$backups" >/dev/null
"$postgres" stop >/dev/null
"$postgres" start >/dev/null
ask "CREATE TABLE words (word text)"
before_all=$(ask "SELECT clock_timestamp()")
older=$("$backup" base "$backups")
ask "INSERT INTO words VALUES ('first')"
between=$(ask "SELECT clock_timestamp()")
ask "SELECT pg_create_restore_point('before the second')" >/dev/null
ask "INSERT INTO words VALUES ('second')"
newer=$("$backup" base "$backups")
ask "INSERT INTO words VALUES ('third')"
last=$(ask "SELECT pg_walfile_name(pg_switch_wal())")
await t "SELECT last_archived_wal >= '$last' FROM pg_stat_archiver"
equal "failures to archive" 0 "$(ask "SELECT failed_count FROM pg_stat_archiver")"

equal "to a time" "first" "$(words_after --time "$between")"
equal "to a point" "first" "$(words_after --point "before the second" --base "$(basename "$older")")"
equal "to the end" "first second third" "$(words_after)"
equal "to the end, from the older" "first second third" "$(words_after --base "$(basename "$older")")"

refuses "was complete by" "$backup" restore "$backups" "$folder/new" --time "$before_all"
refuses "is not empty" "$backup" restore "$backups" "$POSTGRES_DIR/data"
refuses "is no time" "$backup" restore "$backups" "$folder/new" --time yesteryear
refuses "not both" "$backup" restore "$backups" "$folder/new" --time "$between" --point x
refuses "there is no base backup" "$backup" restore "$backups" "$folder/new" --base x
refuses "needs a value" "$backup" restore "$backups" "$folder/new" --time

# A file of WAL is archived once, and never written over.
echo one >"$folder/wal-file"
"$backup" archive "$backups" "$folder/wal-file" A
"$backup" archive "$backups" "$folder/wal-file" A
echo two >"$folder/wal-file"
refuses "other content" "$backup" archive "$backups" "$folder/wal-file" A
equal "what was archived" "one" "$(<"$backups/wal/A")"
rm "$backups/wal/A"

# A base backup that is damaged is not restored.
damaged=$backups/base/20000101T000000.000000Z
cp --archive "$newer" "$damaged"
echo 1 >>"$damaged/PG_VERSION"
refuses "PG_VERSION" "$backup" restore "$backups" "$folder/new" --base "$(basename "$damaged")"
rm -r "$damaged"

contains "list" "$(basename "$older")" "$("$backup" list "$backups")"
contains "prune" "removed $(basename "$older")" "$("$backup" prune "$backups" 1)"
lacks "list after prune" "$(basename "$older")" "$("$backup" list "$backups")"
equal "to the end, after prune" "first second third" "$(words_after)"
refuses "base backups" "$backup" prune "$backups" 0
finish
