#!/usr/bin/env bash
# debian.sh PACKAGES: builds Debian packages of the source archive and the folder debian/ that tools/packages.sh has made,
# lets lintian look at them, and compiles, links and runs a program with what libmote-dev holds. Status 77: the tools are
# not here.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "debian.sh: $1" >&2
    exit 1
}

for tool in dpkg-buildpackage dh lintian fakeroot; do
    command -v $tool >/dev/null || { echo "SKIP: there is no $tool"; exit 77; }
done
packages=$(cd "$1" && pwd)
version=$("$root/tools/version.sh")
cp "$packages/mote-$version.tar.gz" "$scratch/mote_$version.orig.tar.gz"
tar -C "$scratch" -xf "$scratch/mote_$version.orig.tar.gz"
cp -r "$packages/debian" "$scratch/mote-$version/debian"
(cd "$scratch/mote-$version" && dpkg-buildpackage -us -uc -j"$(nproc)") >"$scratch/log" 2>&1 ||
    { tail -n 30 "$scratch/log"; die "dpkg-buildpackage fails"; }
# The bug that asks for the package has no number before it is asked for.
lintian --allow-root --suppress-tags initial-upload-closes-no-bugs --fail-on error,warning "$scratch"/*.changes || die "lintian is not content"

# As installed, below a folder.
for package in "$scratch"/*.deb; do dpkg-deb -x "$package" "$scratch/installed"; done
include=$scratch/installed/usr/include
library=$(find "$scratch/installed" -name libmote.a)
cc -std=c99 "-I$include" "-I$root/platform/boards" "$root/tests/consumer/consumer.c" \
    "$root/platform/boards"/console{,_host}.c "$library" -o "$scratch/consumer"
"$scratch/consumer" || die "a program with libmote-dev fails"
"$scratch/installed/usr/bin/mote" --version
echo "$(find "$scratch" -maxdepth 1 -name '*.deb' -printf '%f\n' | grep -vc dbgsym) packages"
