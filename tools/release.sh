#!/usr/bin/env bash
# release.sh: makes the archives of a release in build/release-VERSION, of the commit that is checked out, and builds and
# runs an example out of each. It signs and publishes nothing; it prints what is left to be done by hand. Exit status: 1
# where the version, the tree or an archive is not fit to be released.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "release.sh: $1" >&2
    exit 1
}

# quietly COMMAND …: its output only where it fails.
quietly() {
    echo "$*"
    "$@" >"$scratch/log" 2>&1 && return
    tail -n 30 "$scratch/log" >&2
    die "failed: $*"
}

[ $# -eq 0 ] || { echo "release.sh: takes no arguments" >&2; exit 2; }
[ -z "$(git status --porcelain)" ] || die "there are changes that are not committed; commit or stash them"
quietly tools/version.sh --check
version=$(tools/version.sh)
folder=$root/build/release-$version

quietly cmake --preset release
quietly cmake --build --preset release --target mote_cli
quietly tools/packages.sh build/release "$folder"

mkdir "$scratch/source" "$scratch/boards" "$scratch/pack" "$scratch/installed"
names=$root/platform/packages/zephyr/sample/src/main.c # generates names on a host, too

# sample FLAG …: compiles, links and runs it.
sample() {
    quietly cc -std=c99 "-I$folder" "$names" "$@" -o "$scratch/sample"
    "$scratch/sample" | grep -q 'mote: 10 names, MOTE_OK' || die "the program fails"
}

tar -C "$scratch/source" -xf "$folder/mote-$version.tar.gz"
quietly cmake -S "$scratch/source/mote-$version" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DMOTE_BUILD_TESTS=OFF -DMOTE_BUILD_TOOLS=OFF
quietly cmake --build "$scratch/build"
sample "-I$scratch/source/mote-$version/lib" "$scratch/build/lib/libmote.a"
echo "mote-$version.tar.gz: builds, and generates names"

# What is installed, as an archive of CPack's.
quietly cpack --config "$scratch/build/CPackConfig.cmake" -B "$scratch/cpack"
mv "$scratch"/cpack/mote-*.tar.gz "$folder"
tar -C "$scratch/installed" --strip-components 1 -xf "$folder"/mote-"$version"-Linux-*.tar.gz
found=$(find "$scratch/installed" -name mote.pc)
read -ra flags <<<"$(PKG_CONFIG_LIBDIR=$(dirname "$found") pkg-config --cflags --libs mote)"
sample "${flags[@]}"
echo "the archive of CPack: a program finds it by pkg-config, and generates names"

python3 -m zipfile -e "$folder/mote-$version-microcontrollers.zip" "$scratch/boards"
python3 -m zipfile -e "$folder/mote.mote.$version.pack" "$scratch/pack"
for sources in "$scratch/boards/mote-$version/src" "$scratch/pack/src"; do
    quietly c++ -O2 -c "$sources/mote.cpp" -o "$scratch/mote.o"
    sample "-I$sources" "$scratch/mote.o"
done
echo "mote-$version-microcontrollers.zip and mote.mote.$version.pack: build, and generate names"
quietly tests/packages/arduino.sh "$folder"
quietly tests/packages/build_systems.sh "$folder"

rm -f "$folder"/{names,model}.h "$folder/names.txt" "$folder/log"
(cd "$folder" && sha256sum ./*.zip ./*.pack ./*.tar.gz >SHA256SUMS)
cat <<END

$folder has the archives and SHA256SUMS. By hand remains:
  - the whole of the tests: tools/test.sh --long
  - CHANGELOG.md: the date of $version instead of "unreleased"
END
if grep -rqs 'mote\.example' library.properties library.json conanfile.py idf_component.yml platform/packages; then
    echo '  - the home page: library.properties and its like still say mote.example'
fi
cat <<END
  - a signed tag: git tag -s v$version && git push origin v$version
  - signatures of SHA256SUMS, and the archives where users look for them
  - the registries: Arduino's library index, \`pio pkg publish\`, \`compote component upload\`, the index of CMSIS-Packs, Conan
    Center, vcpkg, Meson's WrapDB, Debian: each takes what lies in $folder
END
