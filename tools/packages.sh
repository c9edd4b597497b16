#!/usr/bin/env bash
# packages.sh BUILD [FOLDER]: makes what other build systems take, in FOLDER (build/packages), with the program `mote` of
# BUILD, a build of the host:
#
#   mote-VERSION/                          for Arduino, PlatformIO, ESP-IDF, Zephyr, and as a folder for CMake: the library
#   mote-VERSION-microcontrollers.zip      in two files, examples with a model, and the manifests of each
#   mote.mote.VERSION.pack                 a CMSIS-Pack
#   mote-VERSION.tar.gz                    the source, for CMake, Meson, Conan, vcpkg and Debian
#   vcpkg/mote/, mote.wrap                 a port for vcpkg, a wrap for Meson
#   debian/                                the folder of that name for dpkg-buildpackage
#
# platform/packages/README.md says how each is used.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
packages=$root/platform/packages

die() {
    echo "packages.sh: $1" >&2
    exit 1
}

# filled FILE: with the version, the date and the licence in their places.
filled() {
    local licence
    licence=$(sed -n '/^Permission/,$p' "$root/LICENSE" | sed 's/^$/./; s/^/ /')
    awk -v version="$version" -v date="$date" -v rfc="$rfc" -v licence="$licence" -v sha="${sha-}" -v sha256="${sha256-}" '
        { gsub(/@VERSION@/, version); gsub(/@DATE@/, date); gsub(/@DATE_RFC@/, rfc); gsub(/@SHA512@/, sha); gsub(/@SHA256@/, sha256) }
        $0 == "@LICENSE@" { print licence; next }
        { print }' "$1"
}

# The model of the examples, and its header.
make_models() {
    local options=(--lines --model rnn --embed 6 --hidden 40 --time 16 --steps 3000 --quiet)
    "$mote" train names "${options[@]}" -o "$folder/names.mote" >"$folder/log" 2>&1 || die "the model of the examples cannot be trained"
    "$mote" export "$folder/names.mote" --name names -o "$folder/names.h" 2>>"$folder/log"
    "$mote" export "$folder/names.mote" --name model -o "$folder/model.h" 2>>"$folder/log"
    # What the example Generate prints, for the tests.
    "$mote" sample "$folder/names.mote" --count 10 --length 20 --temperature 0.8 --seed 1 >"$folder/names.txt"
}

make_tree() {
    local tree=$1 example
    mkdir -p "$tree/src" "$tree/zephyr"
    "$root/tools/amalgamate" "$tree/src" >/dev/null
    cp "$root"/lib/mote_{adapter,format,journal,shards,slices}.h "$tree/src"
    cp "$root/LICENSE" "$root/library.properties" "$root/library.json" "$root/idf_component.yml" "$tree"
    cp -r "$packages/arduino/examples" "$tree/examples"
    cp -r "$packages/zephyr/." "$tree/zephyr"
    filled "$packages/esp-idf/CMakeLists.txt" >"$tree/CMakeLists.txt"
    cp "$packages/esp-idf/Kconfig" "$tree/Kconfig"
    cp "$packages/archive.md" "$tree/README.md"
    filled "$packages/cmsis/mote.mote.pdsc" >"$tree/mote.mote.pdsc"
    for example in examples/Generate/names.h examples/OwnModel/model.h zephyr/sample/src/names.h; do
        cp "$folder/$(basename "$example")" "$tree/$example"
    done
}

# pack ARCHIVE FOLDER: a zip of what is in the folder, the folder itself included where its name is given.
pack() {
    rm -f "$1"
    (cd "$2" && python3 -m zipfile -c "$1" "${@:3}") || die "$1 cannot be written"
}

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -x "$1/mote" ]; then
    echo "packages.sh: usage: packages.sh BUILD [FOLDER]; BUILD is a build of the host with the program mote" >&2
    exit 2
fi
mote=$(cd "$1" && pwd)/mote
version=$("$root/tools/version.sh")
"$root/tools/version.sh" --check >/dev/null
mkdir -p "${2:-$root/build/packages}"
folder=$(cd "${2:-$root/build/packages}" && pwd)
# The same archives from the same commit.
date=$(git -C "$root" log -1 --format=%cs)
rfc=$(git -C "$root" log -1 --format=%cD)

rm -rf "$folder/mote-$version" "$folder/vcpkg" "$folder/debian"
make_models
make_tree "$folder/mote-$version"
pack "$folder/mote-$version-microcontrollers.zip" "$folder" "mote-$version"
pack "$folder/mote.mote.$version.pack" "$folder/mote-$version" mote.mote.pdsc LICENSE README.md src
git -C "$root" archive --format=tar.gz --prefix="mote-$version/" -o "$folder/mote-$version.tar.gz" HEAD
sha=$(sha512sum "$folder/mote-$version.tar.gz" | cut -d ' ' -f 1)
sha256=$(sha256sum "$folder/mote-$version.tar.gz" | cut -d ' ' -f 1)
mkdir -p "$folder/vcpkg/mote" "$folder/debian/source"
cp "$packages/vcpkg/vcpkg.json" "$folder/vcpkg/mote"
filled "$packages/vcpkg/portfile.cmake" >"$folder/vcpkg/mote/portfile.cmake"
filled "$packages/meson/mote.wrap" >"$folder/mote.wrap"
for file in "$packages"/debian/*; do filled "$file" >"$folder/debian/$(basename "$file")"; done
chmod +x "$folder/debian/rules"
echo '3.0 (quilt)' >"$folder/debian/source/format"
echo "packages.sh: mote $version in $folder"
