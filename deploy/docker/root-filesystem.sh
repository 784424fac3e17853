#!/usr/bin/env bash
# Makes the root file system of an image: one program, the libraries that it
# needs, and what they need of a system. No shell, no package manager.
#
#   root-filesystem.sh PROGRAM ROOT
#
#   PROGRAM             the binary; Debian's packages own its libraries
#   ROOT                an empty folder, or none yet
#   SOURCE_DATE_EPOCH   every file's time, seconds (0)
#
# The same program and libraries make the same files. ROOT has the list of
# packages that they come from: /usr/share/loadline/sbom.json (CycloneDX), and
# for scanners of images /var/lib/dpkg/status.d.
set -euo pipefail
PROGRAM=$1 ROOT=$2
NAME=$(basename "$PROGRAM")
HERE=$(cd "$(dirname "$0")" && pwd)
source "$HERE/libraries.sh"
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
# What is read by name at run time, which ldd does not list.
EXTRA_PACKAGES=(ca-certificates base-files)

# add FILE: copies what FILE is in the end to where it is looked for.
add() { install -D --mode="$(stat -Lc %a "$1")" "$(realpath "$1")" "$ROOT$1"; }

add_identity() {
  install -d "$ROOT/etc" "$ROOT/tmp"
  chmod 1777 "$ROOT/tmp"
  echo 'loadline:x:65532:65532::/:/nonexistent' >"$ROOT/etc/passwd"
  echo 'loadline:x:65532:' >"$ROOT/etc/group"
  echo 'hosts: files dns' >"$ROOT/etc/nsswitch.conf"
  add /usr/lib/os-release
  ln -s ../usr/lib/os-release "$ROOT/etc/os-release"
}

# add_package NAME: its copyright, and what dpkg says of it.
add_package() {
  install -d "$ROOT/var/lib/dpkg/status.d"
  dpkg-query --status "$1" | sed '/^Conffiles:/,/^[^ ]/{/^Conffiles:/d;/^ /d}' >"$ROOT/var/lib/dpkg/status.d/$1"
  [[ ! -e /usr/share/doc/$1/copyright ]] || add "/usr/share/doc/$1/copyright"
}

mapfile -t libraries < <(libraries_of "$PROGRAM")
[[ ${#libraries[@]} -gt 0 ]] || { echo "root-filesystem.sh: $PROGRAM needs no library at all" >&2; exit 1; }
mapfile -t packages < <({ packages_of "${libraries[@]}"; printf '%s\n' "${EXTRA_PACKAGES[@]}"; } | sort -u)

install -d "$ROOT"
install -D --mode=755 "$PROGRAM" "$ROOT/usr/bin/$NAME"
for file in "${libraries[@]}" "$CERTIFICATES"; do add "$file"; done
add_identity
for package in "${packages[@]}"; do add_package "$package"; done
install -d "$ROOT/usr/share/loadline"
"$HERE/sbom.sh" "$PROGRAM" "${packages[@]}" >"$ROOT/usr/share/loadline/sbom.json"
find "$ROOT" -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH:-0}" {} +
echo "$NAME: ${#libraries[@]} libraries of ${#packages[@]} packages, $(du --summarize --block-size=1M --apparent-size "$ROOT" | cut -f 1) MB"
