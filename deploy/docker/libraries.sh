# shellcheck shell=bash
# Sourced: which libraries a program needs, and which Debian packages have them.

# The libraries of programs and their loader, as they ask for them, one a line.
libraries_of() {
  ldd "$@" | sed -nE 's/^.* => (\/[^ ]+) .*/\1/p; s/^[[:space:]]+(\/[^ ]+) \(.*/\1/p' | sort -u
}

# The packages of files. Fails where one is of no package. dpkg may know a file
# by its path before /usr was merged, so it is asked for both.
packages_of() {
  local files owners paths file
  mapfile -t files < <(realpath "$@")
  owners=$(dpkg-query --search "${files[@]}" "${files[@]#/usr}" 2>/dev/null || true)
  paths=$(sed -E 's/^[^ ]+: //; s/^\/usr//' <<<"$owners")
  for file in "${files[@]}"; do
    grep --quiet --line-regexp --fixed-strings "${file#/usr}" <<<"$paths" ||
      { echo "$file is of no Debian package" >&2; return 1; }
  done
  sed -E 's/^([^:]+):.*/\1/' <<<"$owners" | sort -u
}
