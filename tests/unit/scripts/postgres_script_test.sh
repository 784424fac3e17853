#!/usr/bin/env bash
# scripts/postgres.sh starts, stops and fills a server of one's own, and may be
# called again and again.
#
#   postgres_script_test.sh POSTGRES_SH
set -euo pipefail
postgres=$1
source "$(dirname "$0")/postgres_checks.sh"

export POSTGRES_DIR=$folder/postgres POSTGRES_PORT POSTGRES_DATABASE=first
POSTGRES_PORT=$(free_port)
trap '"$postgres" stop >/dev/null; rm -rf "$folder"' EXIT

ask() { "$postgres" shell --no-align --tuples-only --command="$1"; }

# Start, again and again.
refuses "does not run" "$postgres" status
refuses "does not run" "$postgres" shell
url=$("$postgres" start | sed -n 's/^DATABASE_URL=//p')
[[ $url =~ ^postgresql://loadline:[0-9a-f]{32}@127.0.0.1:$POSTGRES_PORT/first$ ]] || failed "not the URL: $url"
contains "a second start" "$url" "$("$postgres" start)"
equal "url" "$url" "$("$postgres" url)"
contains "status" "127.0.0.1:$POSTGRES_PORT/first" "$("$postgres" status)"
equal "who we are" "loadline|f" "$(ask "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")"

# The password is asked for, and is in no log.
refuses "password authentication failed" env PGPASSWORD=wrong \
  /usr/lib/postgresql/15/bin/psql --no-password --dbname="postgresql://loadline@127.0.0.1:$POSTGRES_PORT/first"
equal "the password's file" "600" "$(stat --format=%a "$POSTGRES_DIR/password")"
lacks "the log" "$(<"$POSTGRES_DIR/password")" "$(cat "$POSTGRES_DIR/log")"

# Stopped and started, the data are still there.
ask "CREATE TABLE kept AS SELECT 'still here' AS word" >/dev/null
"$postgres" stop >/dev/null
contains "a second stop" "stopped" "$("$postgres" stop)"
"$postgres" start >/dev/null
equal "what was kept" "still here" "$(ask "SELECT word FROM kept")"

# A dump with owners that we do not have, and data that look like statements.
cat >"$folder/report.sql" <<'SQL'
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.exported_summaries (model_hf_repo text, notes text);
ALTER TABLE public.exported_summaries OWNER TO somebody_else;
COPY public.exported_summaries (model_hf_repo, notes) FROM stdin;
acme/a	fine
GRANT 1;	GRANT ALL ON x TO y;
\.
GRANT SELECT ON TABLE public.exported_summaries TO somebody_else;
SQL
gzip --keep "$folder/report.sql"
rows="SELECT count(*), count(*) FILTER (WHERE notes LIKE 'GRANT%') FROM exported_summaries"
for form in sql sql.gz; do
  export POSTGRES_DATABASE=loaded_${form/./_}
  loaded=$("$postgres" load "$folder/report.$form")
  contains "load $form" "/$POSTGRES_DATABASE" "$loaded"
  contains "what to do after load $form" "loadline migrate-data --from" "$loaded"
  equal "rows of $form" "2|1" "$(ask "$rows")"
  equal "owner of $form" "loadline" "$(ask "SELECT tableowner FROM pg_tables WHERE tablename = 'exported_summaries'")"
done
POSTGRES_DATABASE=loaded_sql "$postgres" environment >"$folder/environment"
(source "$folder/environment" && /usr/lib/postgresql/15/bin/pg_dump -Fc loaded_sql >"$folder/report.dump")
POSTGRES_DATABASE=loaded_custom "$postgres" load "$folder/report.dump" >/dev/null
equal "rows of the custom form" "2|1" "$(POSTGRES_DATABASE=loaded_custom ask "$rows")"

# What cannot be loaded leaves nothing behind.
refuses "holds tables already" "$postgres" load "$folder/report.sql"
printf 'CREATE TABLE half (a int);\nSELECT nonsense;\n' >"$folder/broken.sql"
export POSTGRES_DATABASE=loaded_broken
refuses '"nonsense" does not exist' "$postgres" load "$folder/broken.sql"
equal "tables of a broken dump" "0" "$(ask "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")"
refuses "cannot read the dump" "$postgres" load "$folder/missing.sql"
refuses "which dump" "$postgres" load
touch "$folder/report.csv"
refuses "loadline import" "$postgres" load "$folder/report.csv"
refuses "plain name" env POSTGRES_DATABASE="x; DROP DATABASE first" "$postgres" start
refuses "must be debian or docker" env POSTGRES_WITH=podman "$postgres" start
refuses "start, stop" "$postgres" nonsense

# In a container: with an engine that writes down what it is asked for.
mkdir "$folder/bin"
cat >"$folder/bin/docker" <<SH
#!/bin/sh
echo "\$@" >>"$folder/asked"
case "\$1" in inspect | start) exit 1 ;; esac
SH
chmod +x "$folder/bin/docker"
contained="$(PATH=$folder/bin:$PATH POSTGRES_WITH=docker POSTGRES_DATABASE=first "$postgres" start)"
contains "a container" "DATABASE_URL=$url" "$contained"
contains "a container" "--publish 127.0.0.1:$POSTGRES_PORT:5432" "$(<"$folder/asked")"
lacks "a container" "$(<"$POSTGRES_DIR/password")" "$(<"$folder/asked")"
printf '#!/bin/sh\nexit 1\n' >"$folder/bin/docker"
refuses "needs a container engine" env PATH="$folder/bin:$PATH" POSTGRES_WITH=docker "$postgres" start
finish
