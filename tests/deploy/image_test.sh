#!/usr/bin/env bash
# Builds the three images without an engine or a registry, on a base that
# debootstrap makes and with binaries that are there, starts both services from
# their root file systems as a cluster would (another user, read-only), and asks
# them for a plan by the third. Where this machine does not allow that, skips.
#
#   image_test.sh BIN BASE PYTHON     BIN: the three binaries; BASE: kept for the next run
set -euo pipefail
cd "$(dirname "$0")/../.."
BINARIES=$(realpath "$1") BASE=$2 PYTHON=$3
PROGRAMS=(benchmark-store planner loadline)
FOLDER=$(mktemp -d)
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
source scripts/processes.sh
source deploy/docker/libraries.sh

skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
in_storage() { buildah --root "$FOLDER/storage" --runroot "$FOLDER/run" "$@"; }

clean_up() {
  halt planner "$FOLDER"
  halt benchmark-store "$FOLDER"
  in_storage umount --all >/dev/null 2>&1 || true
  rm -rf "$FOLDER"
}

check_machine() {
  [[ $EUID -eq 0 ]] || skip "only root may make file systems"
  { command -v buildah && command -v debootstrap; } >/dev/null || scripts/install-deps.sh deploy ||
    skip "buildah and debootstrap could not be installed"
  unshare --mount true 2>/dev/null || skip "this machine allows no mounts"
}

# With the libraries of the binaries. It is made again when they need others.
make_base() {
  local libraries packages
  mapfile -t libraries < <(libraries_of "${PROGRAMS[@]/#/$BINARIES/}")
  packages=$(packages_of "${libraries[@]}" | paste -sd ,)
  [[ $(cat "$BASE/complete" 2>/dev/null) != "$packages" ]] || return 0
  rm -rf "$BASE"
  mkdir -p "$(dirname "$BASE")"
  debootstrap --variant=minbase --include="ca-certificates,$packages" bookworm "$BASE" >"$FOLDER/debootstrap.log" 2>&1 ||
    { tail -n 3 "$FOLDER/debootstrap.log"; rm -rf "$BASE"; skip "debootstrap could not make a base"; }
  rm -rf "$BASE"/var/cache/apt/* "$BASE"/var/lib/apt/lists/*
  echo "$packages" >"$BASE/complete"
}

# An image as the stage `build` leaves it: the binaries where `make build` puts them.
make_built() {
  local container name
  container=$(in_storage from scratch) || skip "buildah may not run here"
  in_storage add --quiet "$container" "$BASE" / >/dev/null
  for name in "${PROGRAMS[@]}"; do
    strip -o "$FOLDER/$name" "$BINARIES/$name"
    in_storage add --quiet "$container" "$FOLDER/$name" "/src/build/release/bin/$name" >/dev/null
  done
  in_storage add --quiet "$container" data /src/data >/dev/null
  in_storage add --quiet "$container" LICENSE /src/LICENSE >/dev/null
  in_storage commit --quiet "$container" built:test >/dev/null
}

# build PROGRAM TAG [OPTION...]
build() {
  local name=$1 tag=$2
  shift 2
  in_storage bud --quiet --timestamp 0 --build-arg BASE=built:test --build-arg BUILT=built:test --target "$name" \
    --tag "$name:$tag" --file deploy/docker/Dockerfile "$@" . >"$FOLDER/build.log" 2>&1 ||
    { cat "$FOLDER/build.log" >&2; fail "the image of $name is not built"; }
}

id_of() { in_storage inspect --type image --format '{{.FromImageID}}' "$1"; }

check_contents() {
  local name=$1 root=$2 programs
  programs=$(find "$root" -type f -perm /111 ! -name '*.so*' -printf '%P\n')
  [[ $programs == "usr/bin/$name" ]] || fail "$name has more programs than its own: $programs"
  [[ $(in_storage inspect --type image --format '{{.OCIv1.Config.User}}' "$name:1") == 65532:65532 ]] || fail "$name runs as root"
  "$PYTHON" - "$root" "$name" <<'END'
import json, pathlib, sys
root, name = pathlib.Path(sys.argv[1]), sys.argv[2]
bill = json.loads((root / "usr/share/loadline/sbom.json").read_text())
assert bill["metadata"]["component"]["name"] == name, bill["metadata"]
listed = {part["name"] for part in bill["components"]}
assert {"libc6", "libgrpc++1.51", "ca-certificates"} <= listed, listed
for package in listed:
    assert (root / "usr/share/doc" / package / "copyright").exists(), package
    assert (root / "var/lib/dpkg/status.d" / package).exists(), package
END
  echo "$name: $(du --summarize --apparent-size --block-size=1M "$root" | cut -f 1) MB"
}

# Makes $FOLDER/bin/PROGRAM start the program from its image: nothing of this
# machine is in sight, nothing can be written, and it is not root.
make_launcher() {
  local name=$1 root=$2
  mkdir -p "$FOLDER/bin"
  cat >"$FOLDER/bin/$name" <<END
#!/bin/sh
exec unshare --mount /bin/sh -c 'mount --bind "\$0" "\$0" && mount -o remount,ro,bind "\$0" &&
  exec chroot --userspec=65532:65532 "\$0" /usr/bin/$name "\$@"' $root "\$@"
END
  chmod +x "$FOLDER/bin/$name"
}

check_process() {
  local name=$1 pid
  pid=$(<"$FOLDER/$name.pid")
  [[ $(awk '/^Uid:/ { print $2 }' "/proc/$pid/status") == 65532 ]] || fail "$name runs as root"
  awk '$5 == "/" { options = $6 } END { exit options !~ /^ro/ }' "/proc/$pid/mountinfo" || fail "$name can write"
}

start_services() {
  BIN=$FOLDER/bin
  launch benchmark-store "$FOLDER" LISTEN_ADDRESS=127.0.0.1:0 DATA_DIR=/var/lib/loadline
  await_event benchmark-store "$FOLDER" listening
  store=127.0.0.1:$(port_of benchmark-store "$FOLDER")
  launch planner "$FOLDER" LISTEN_ADDRESS=127.0.0.1:0 BENCHMARK_STORE_ADDRESS="$store"
  await_event planner "$FOLDER" serving
  planner=127.0.0.1:$(port_of planner "$FOLDER")
}

ask_for_a_plan() {
  local container plan
  container=$(in_storage from loadline:1)
  plan=$(in_storage run "$container" -- /usr/bin/loadline plan --planner "$planner" --use-case chatbot --rps 20)
  grep -q 'Plan for 20 requests/s' <<<"$plan" || fail "there is no plan: $plan"
  head -n 1 <<<"$plan"
}

check_machine
trap clean_up EXIT
make_base
make_built
for name in "${PROGRAMS[@]}"; do
  build "$name" 1 --layers
  root=$(in_storage mount "$(in_storage from "$name:1")")
  check_contents "$name" "$root"
  make_launcher "$name" "$root"
done
build planner 2 --layers --no-cache
[[ $(id_of planner:1) == $(id_of planner:2) ]] || fail "the same sources made two images"

start_services
check_process benchmark-store
check_process planner
LISTEN_ADDRESS=$store "$FOLDER/bin/benchmark-store" health
LISTEN_ADDRESS=$planner "$FOLDER/bin/planner" health
ask_for_a_plan
echo "All three images work, without root, a shell or a place to write."
