#!/usr/bin/env bash
# scripts/check-arrows.sh finds each line that goes against an arrow, and no
# other.
#
#   check_arrows_test.sh CHECK_ARROWS
set -euo pipefail

check=$1
house=$(mktemp --directory)
trap 'rm -rf "$house"' EXIT
failures=0

# answer FILE LINE: what the check says of a house in which FILE has LINE.
answer() {
  rm -rf "${house:?}"/*
  mkdir -p "$house/libs/base" "$house/$(dirname "$1")"
  printf '#include <string>\n' >"$house/libs/base/fine.h"
  printf '\n%s\n' "$2" >"$house/$1"
  "$check" "$house" 2>&1
}

refuses() {
  local said
  if said=$(answer "$1" "$2"); then
    echo "allowed, but should not be: $1: $2"
  elif [[ $said != *"$1:2:$2"*"    -> "* ]]; then
    echo "refused without the line and the advice: $1: $2: $said"
  else
    return 0
  fi
  failures=$((failures + 1))
}

allows() {
  local said
  if said=$(answer "$1" "$2"); then return 0; fi
  echo "refused, but should not be: $1: $2: $said"
  failures=$((failures + 1))
}

refuses libs/base/x.cc '#include "libs/domain/slo.h"'
refuses libs/base/x.cc '#include "x.h"'
refuses libs/domain/x.h '#include "libs/json/parse.h"'
refuses libs/domain/x.h '  #  include <fstream>'
refuses libs/domain/x.cc '#include <thread>'
refuses libs/json/x.cc '#include "libs/wire/page_token.h"'
refuses libs/wire/x.cc '#include "libs/rpc/server.h"'
refuses libs/rpc/x.cc '#include "libs/domain/slo.h"'
refuses libs/rpc/x.cc '#include "libs/testing/wait.h"'
refuses libs/domain/x.cc '#include "services/planner/planning/plan.h"'
refuses services/planner/planning/x.cc '#include <mutex>'
refuses services/planner/planning/x.cc '#include <chrono>'
refuses services/planner/planning/x.cc '#include "libs/base/clock.h"'
refuses services/planner/planning/x.cc '#include "services/planner/evidence/evidence_store.h"'
refuses services/planner/planning/x.cc '#include <grpcpp/grpcpp.h>'
refuses services/planner/app/x.cc '#include "loadline/planner/v1/planner_service.pb.h"'
refuses services/planner/app/x.cc '#include "services/planner/api/planner_handler.h"'
refuses services/planner/app/x.cc '#include "services/planner/evidence/store_client/store_client.h"'
refuses services/planner/evidence/x.cc '#include <grpcpp/channel.h>'
refuses services/planner/app/x.cc '#include "services/benchmark-store/repository/benchmark_repository.h"'
refuses services/benchmark-store/app/x.cc '#include "services/planner/planning/plan.h"'
refuses services/benchmark-store/app/x.cc '#include "services/benchmark-store/repository/json/json_repository.h"'
refuses services/benchmark-store/repository/x.h '#include "services/benchmark-store/repository/postgres/pool.h"'
refuses services/benchmark-store/repository/json/x.cc '#include "services/benchmark-store/app/import_benchmarks.h"'
refuses services/benchmark-store/repository/json/x.cc '#include <pqxx/pqxx>'
refuses services/benchmark-store/repository/postgres/x.cc '#include <libpq-fe.h>'
refuses services/benchmark-store/config.cc '#include <gtest/gtest.h>'
refuses cli/importers/x.cc '#include "loadline/benchmark/v1/benchmark.pb.h"'
refuses cli/commands/x.cc '#include "services/planner/planning/plan.h"'
refuses services/planner/config.cc '  return std::getenv("X");'
refuses tests/unit/x.cc '  return getenv("X");'

allows libs/domain/x.cc '#include "libs/base/result.h"'
allows libs/domain/x.cc '#include <fmt/format.h>'
allows libs/wire/x.h '#include "loadline/benchmark/v1/benchmark.pb.h"'
allows libs/rpc/x.cc '#include "grpc/health/v1/health.pb.h"'
allows services/planner/planning/x.cc '#include "libs/domain/slo.h"'
allows services/planner/api/x.cc '#include <grpcpp/grpcpp.h>'
allows services/planner/evidence/store_client/x.cc '#include <grpcpp/grpcpp.h>'
allows services/benchmark-store/store_app.cc '#include "services/benchmark-store/repository/json/json_repository.h"'
allows services/benchmark-store/repository/postgres/x.cc '#include <pqxx/pqxx>'
allows services/benchmark-store/repository/postgres/dial.cc '#include <libpq-fe.h>'
allows cli/client/x.cc '#include <grpcpp/grpcpp.h>'
allows tests/conformance/x.cc '#include "services/benchmark-store/repository/json/json_repository.h"'
allows libs/base/environment.cc '  return std::getenv(name);'

if ((failures > 0)); then exit 1; fi
echo "check_arrows_test: all cases hold"
