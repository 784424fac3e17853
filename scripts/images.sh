#!/usr/bin/env bash
# Builds the images of all three programs with docker, podman or buildah, and
# prints their sizes.
#
#   scripts/images.sh [TAG] [OPTION...]     default: the project's version; OPTIONS go to the builder
#
#   ENGINE   docker, podman or buildah; the first that is there
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=$(sed -nE 's/^project\(loadline VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
TAG=${1:-$VERSION}
shift $(($# > 0))

first_engine() {
  local name
  for name in docker podman buildah; do
    if command -v "$name" >/dev/null && "$name" info >/dev/null 2>&1; then echo "$name"; return; fi
  done
  echo "images.sh: there is no docker, podman or buildah that works here" >&2
  return 1
}

ENGINE=${ENGINE:-$(first_engine)}
# The commit's time, so that a commit makes the same files again.
EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
for name in benchmark-store planner loadline; do
  "$ENGINE" build --file deploy/docker/Dockerfile --target "$name" --tag "loadline/$name:$TAG" \
    --build-arg SOURCE_DATE_EPOCH="$EPOCH" "$@" .
done
"$ENGINE" images | awk 'NR == 1 || /loadline\// { print }'
