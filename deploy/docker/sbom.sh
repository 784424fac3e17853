#!/usr/bin/env bash
# Prints a bill of materials in CycloneDX JSON: a program, and the Debian
# packages whose files it runs with, as dpkg-query knows them.
#
#   sbom.sh PROGRAM PACKAGE...
set -euo pipefail
PROGRAM=$1
shift

# Names and versions of packages hold nothing that JSON would have escaped, but
# for + and ~, which a package URL writes as %2B and ~.
# dpkg-query fills these in.
# shellcheck disable=SC2016
component='{"type":"library","name":"${Package}","version":"${Version}","purl":"pkg:deb/debian/${Package}@${Version}?arch=${Architecture}&distro=debian-12"},\n'
version=$("$PROGRAM" --version | awk '{ print $NF }')

cat <<END
{
"bomFormat": "CycloneDX",
"specVersion": "1.5",
"version": 1,
"metadata": {"component": {"type": "application", "name": "$(basename "$PROGRAM")", "version": "$version",
  "licenses": [{"license": {"id": "Apache-2.0"}}],
  "hashes": [{"alg": "SHA-256", "content": "$(sha256sum "$PROGRAM" | cut -d ' ' -f 1)"}]}},
"components": [
$(dpkg-query --show --showformat="$component" "$@" | sed -E ':again; s/("purl":"[^"]*)\+/\1%2B/; t again' | sort | sed '$ s/,$//')
]
}
END
