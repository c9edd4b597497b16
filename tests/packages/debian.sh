#!/usr/bin/env bash
# debian.sh PACKAGES: builds Debian packages of the source archive and the folder debian/ that tools/packages.sh has made,
# lets lintian look at them, and installs them in a fresh system that debootstrap makes, where a program with libmote-dev
# is compiled, linked and run, and mote trains a model; as root alone, else the packages are unpacked and used below a
# folder. Status 77: the tools are not here.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/debian_system.sh
. "$root/tests/debian_system.sh"
scratch=$(mktemp -d)
finish() {
    end_debian_system "$scratch/system"
    rm -rf --one-file-system "$scratch"
}
trap finish EXIT

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

# As unpacked below a folder.
use_unpacked() {
    local package library
    for package in "$scratch"/*.deb; do dpkg-deb -x "$package" "$scratch/installed"; done
    library=$(find "$scratch/installed" -name libmote.a)
    cc -std=c99 "-I$scratch/installed/usr/include" "-I$scratch/use" "$scratch"/use/*.c "$library" -o "$scratch/consumer"
    "$scratch/consumer" || die "a program with libmote-dev fails"
    "$scratch/installed/usr/bin/mote" --version
}

# As apt installs them, with what they depend on, and takes them away again.
use_installed() {
    local system=$scratch/system suite left
    suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    make_debian_system "$suite" "$system" >"$scratch/log" 2>&1 ||
        { tail -n 30 "$scratch/log"; die "debootstrap fails"; }
    mkdir "$system/use"
    cp "$scratch"/use/* "$scratch"/*.deb "$system/use"
    rm -f "$system"/use/*dbgsym*
    # shellcheck disable=SC2016 # the inner shell's
    in_debian_system "$system" sh -ec 'cd /use
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends ./*.deb gcc libc6-dev pkgconf
        cc -std=c99 -I. *.c $(pkg-config --cflags --libs mote) -o consumer
        ./consumer
        mote --version
        mote train names --lines --hidden 16 --steps 50 --quiet -o m.mote
        mote sample m.mote --length 20 --seed 1' >"$scratch/log" 2>&1 || { tail -n 30 "$scratch/log"; die "the packages cannot be used"; }
    sed -n '/weights_hash/,$p' "$scratch/log"
    in_debian_system "$system" sh -ec 'apt-get -qq purge mote libmote-dev' >/dev/null
    left=$(find "$system/usr" -name 'mote*' -o -name 'libmote*')
    [ -z "$left" ] || die "purged packages leave $left"
    echo "installed, used and purged in a fresh Debian $(cat "$system/etc/debian_version")"
}

mkdir "$scratch/use"
cp "$root/tests/consumer/consumer.c" "$root/platform/boards"/console{,_host}.c "$root/platform/boards"/*.h "$scratch/use"
lacks=$(lacks_debian_system)
if [ -z "$lacks" ]; then
    use_installed
else
    echo "not installed in a fresh system: ${lacks//$'\n'/, and }"
    use_unpacked
fi
echo "$(find "$scratch" -maxdepth 1 -name '*.deb' -printf '%f\n' | grep -vc dbgsym) packages"
