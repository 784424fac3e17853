#!/usr/bin/env bash
# Installs the Debian 12 packages that Loadline needs, as root or with sudo.
# Says what it will install; quick and silent where all is there.
#
#   scripts/install-deps.sh [build] [lint] [proto] [deploy]      default: build
#
#   build   compilers and libraries, for `make build`, `make test`, `make demo`
#   lint    clang-format, clang-tidy and the fuzzer's runtime
#   proto   npm, which `make lint` runs buf with
#   deploy  what the long tests build and look at images and alerts with
set -euo pipefail

packages_of() {
  case "$1" in
    build)
      echo ca-certificates ccache cmake g++ git libbenchmark-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev libgmock-dev iproute2 iptables \
        libgrpc++-dev libgtest-dev libpq-dev libpqxx-dev libprotobuf-dev libre2-dev librapidcheck-dev libspdlog-dev libsqlite3-dev libsqlitecpp-dev libssl-dev \
        libvalijson-dev libyaml-cpp-dev make ninja-build nlohmann-json3-dev pkg-config postgresql postgresql-client \
        prometheus-cpp-dev protobuf-compiler protobuf-compiler-grpc python3-jsonschema python3-yaml util-linux
      ;;
    lint) echo clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev python3 ;;
    deploy) echo buildah debootstrap prometheus ;;
    proto) command -v npm >/dev/null || echo npm ;;
    *)
      echo "install-deps.sh: unknown group '$1': build, lint, proto and deploy are known" >&2
      return 2
      ;;
  esac
}

missing_of() {
  local installed
  installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk '$2 == "installed" { print $1 }' || true)
  comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$installed")
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "install-deps.sh: run it as root, or install sudo" >&2
    return 1
  fi
}

install_packages() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@"; }

known_to_apt() { ! apt-cache policy "$@" | grep -q 'Candidate: (none)' && [[ $(apt-cache policy "$@" | grep -c '^[^ ]') -eq $# ]]; }

wanted=()
for group in "${@:-build}"; do
  names=$(packages_of "$group")
  # Words of a list that is ours: splitting is meant.
  # shellcheck disable=SC2206
  wanted+=($names)
done
[[ ${#wanted[@]} -gt 0 ]] || exit 0

mapfile -t missing < <(missing_of "${wanted[@]}")
[[ ${#missing[@]} -gt 0 ]] || exit 0

echo "Installing Debian packages: ${missing[*]}"
known_to_apt "${missing[@]}" || as_root apt-get update --quiet
# A list that has aged names files that are gone: read it anew and try again.
install_packages "${missing[@]}" || { as_root apt-get update --quiet && install_packages "${missing[@]}"; }
