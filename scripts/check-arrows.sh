#!/usr/bin/env bash
# Checks the arrows of docs/ARCHITECTURE.md: which room of the house includes
# which. Prints each line that goes against one, and what to do instead.
#
#   scripts/check-arrows.sh [ROOT]      default: this repository
set -euo pipefail

cd "${1:-$(dirname "$0")/..}"

sources=(--recursive --line-number --include=*.h --include=*.cc)
rooms=()
for room in libs services cli data tests bench; do
  if [[ -d $room ]]; then rooms+=("$room"); fi
done
# Each is file:line:#include ...
includes=$(grep "${sources[@]}" --extended-regexp '^[[:space:]]*#[[:space:]]*include' "${rooms[@]}" || true)
wrong=0

# report LINES ADVICE
report() {
  if [[ -z $1 ]]; then return; fi
  printf '%s\n' "$1"
  printf '    -> %s\n\n' "$2"
  wrong=$((wrong + $(wc -l <<<"$1")))
}

# only ROOM ALLOWED ADVICE: files whose path matches ROOM include, of this
# repository, what matches ALLOWED only. Names without a folder are generated
# or found nowhere, and count too.
only() {
  local lines
  lines=$(grep -E "^$1" <<<"$includes" | grep -E '#[[:space:]]*include[[:space:]]*"' |
    grep -vE "#[[:space:]]*include[[:space:]]*\"$2" || true)
  report "$lines" "$3"
}

# never ROOM FORBIDDEN ADVICE: files whose path matches ROOM do not include what
# matches FORBIDDEN.
never() {
  local lines
  lines=$(grep -E "^$1" <<<"$includes" | grep -E "#[[:space:]]*include[[:space:]]*[\"<]$2" || true)
  report "$lines" "$3"
}

# never_outside ROOM FORBIDDEN ADVICE: only files whose path matches ROOM
# include what matches FORBIDDEN.
never_outside() {
  local lines
  lines=$(grep -vE "^$1" <<<"$includes" | grep -E "#[[:space:]]*include[[:space:]]*[\"<]$2" || true)
  report "$lines" "$3"
}

only libs/base/ 'libs/base/' \
  'base stands on the standard library only: move what needs more to the room that has it'
only libs/domain/ 'libs/(base|domain)/' \
  'the domain is plain values: pass in what it needs, or convert in libs/json, libs/wire or the caller'
only libs/json/ 'libs/(base|domain|json)/' \
  'libs/json turns JSON into domain values and nothing else'
only libs/service/settings '(libs/(base|service)/)' \
  'settings are plain values'
only libs/service/ 'libs/(base|rpc|service)/' \
  'what both programs share of being a program knows no domain'
only libs/wire/ '(libs/(base|domain|wire)/|(loadline|google)/.*\.pb\.h)' \
  'libs/wire turns messages into domain values and nothing else'
only libs/rpc/ '(libs/(base|rpc)/|(google|grpc)/.*\.pb\.h)' \
  'libs/rpc serves any service: it knows no domain'
only libs/telemetry/ 'libs/(base|rpc|service|telemetry)/' \
  'telemetry serves any program: take what it shows as plain numbers'
only services/planner/planning/ '(services/planner/planning|libs/domain|libs/base)/' \
  'planning is pure: take domain values as arguments'
only cli/importers/ '(cli/importers|libs/domain|libs/base|libs/json)/' \
  'importers turn a report into measurements: the commands send them'
only cli/traffic/ '(cli/traffic|libs/domain|libs/base|libs/json)/' \
  'traces become plain numbers: the commands make requests of them'

io='(thread|mutex|shared_mutex|condition_variable|future|iostream|fstream|filesystem)>'
never libs/domain/ "$io" 'the domain does no I/O and starts no threads: let the caller do it and pass the result'
never services/planner/planning/ "($io|chrono>|libs/base/(clock|environment|termination)\\.h)" \
  'planning is pure: pass in times as numbers, a seed as an argument, and run threads in app/'
never '(libs|services|cli|data)/.*' 'gtest/' 'tests live in tests/'
never '(libs/(base|domain|json|wire|rpc)|services|cli)/' 'libs/testing/' 'libs/testing is for tests only'

edge='(libs/(wire|rpc|telemetry|testing)|services/[^/]+/api|services/planner/evidence/store_client|cli/(api\.h|client|commands|moving|output)|tests|bench)'
composition='services/[^/]+/(main|[a-z]+_app)\.'
never_outside "($edge|$composition)" '(.*\.pb\.h|grpcpp/|grpc/|google/protobuf/)' \
  'messages and gRPC stay at the edge: decode to domain values in libs/wire or api/, and take those here'
never_outside libs/telemetry/metrics_server '(prometheus|civetweb)' 'only metrics_server knows prometheus-cpp: give it telemetry::Metrics'
never_outside libs/telemetry/http_post 'curl/' 'only http_post knows libcurl'
never_outside '.*/postgres/' '(pqxx/|libpq)' 'only a postgres/ folder knows PostgreSQL: put it behind the repository port'
never_outside '(services/benchmark-store/moving/sqlite_table|tests/)' 'SQLiteCpp/' 'only sqlite_table knows SQLite: take a SummaryTable'
never_outside '.*/postgres/dial\.' 'libpq' 'libpqxx is what talks to PostgreSQL: only opening a connection in time needs libpq'

never libs/ '(services|cli|tests)/' 'libs are below everything: move the shared part down, or pass it in'
never services/ '(cli|tests)/' 'services know no command line and no test: move the shared part to libs/'
never 'cli/(api|main|client|importers|output|traffic)' '(services|tests)/' \
  'the command line talks gRPC: call the service, or move the shared part to libs/'
never 'cli/(commands|moving)/' '(tests/|services/(planner|benchmark-store/(app|api|repository/.*/|[^/]+\.)))' \
  'of a service, only moving data is linked into the command line: services/benchmark-store/moving'
never 'services/benchmark-store/(repository|app|api)/' 'services/benchmark-store/moving/' \
  'moving data is above the use cases: the command line is what starts it'
never services/planner/ 'services/benchmark-store/' 'services share libs/ and the contract in proto/ only'
never services/benchmark-store/ 'services/planner/' 'services share libs/ and the contract in proto/ only'

backends='services/benchmark-store/repository/(json|postgres|decorators)/'
never 'services/benchmark-store/(repository/[^/]+\.|app/|api/)' "$backends" \
  'a port and its users know no backend: only the composition root names one'
never services/benchmark-store/repository/ 'services/benchmark-store/(app|api)/' \
  'repositories are below the use cases: move the shared part to the port'
never 'services/[^/]+/app/' 'services/[^/]+/api/' 'use cases know no handlers: take and return domain values'
never 'services/planner/(evidence/[^/]+\.|app/|api/|planning/)' 'services/planner/evidence/store_client/' \
  'the evidence port and its users know no gRPC client: only the composition root names one'

# The second is preloaded into other programs, and links nothing.
calls=$(grep "${sources[@]}" --extended-regexp '\bgetenv[[:space:]]*\(' "${rooms[@]}" |
  grep -vE '^(libs/base/environment|tests/integration/faults/shifted_clock)\.cc:' || true)
report "$calls" 'read settings through base::EnvironmentReader, from base::FromProcess'

if ((wrong > 0)); then
  echo "check-arrows: $wrong lines go against the arrows of the house" >&2
  exit 1
fi
echo "check-arrows: $(wc -l <<<"$includes") includes, all along the arrows"
