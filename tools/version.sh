#!/usr/bin/env bash
# version.sh: prints the version, which lib/mote.h has.
# version.sh X.Y.Z: writes it into every file that has it.
# version.sh --check: fails where a file has another one.
# version.sh --check-itself: shows that each disagreement is found, and mended.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# FILE|WHAT|PATTERN: what stands before the version, as an extended regular expression. WHAT: the version, its first two
# numbers, or one of the three.
places=(
    'lib/mote.h|major|^#define MOTE_VERSION_MAJOR '
    'lib/mote.h|minor|^#define MOTE_VERSION_MINOR '
    'lib/mote.h|patch|^#define MOTE_VERSION_PATCH '
    'CMakeLists.txt|version|^project\(mote VERSION '
    'CHANGELOG.md|version|^## '
    'conanfile.py|version|^    version = "'
    'idf_component.yml|version|^version: "'
    'library.json|version|^  "version": "'
    'library.properties|version|^version='
    'meson.build|version|^  version: .'
    'platform/packages/vcpkg/vcpkg.json|version|^  "version": "'
    'lib/README.md|series|^find_package\(mote '
    'tests/consumer/CMakeLists.txt|series|^find_package\(mote '
    'tests/consumer/headers/CMakeLists.txt|series|^  find_package\(mote '
)

die() {
    echo "version.sh: $1" >&2
    exit 1
}

# found TREE FILE PATTERN: the number behind the first line that has the pattern; nothing where there is none.
found() { sed -nE "s/$3([0-9][0-9.]*).*/\\1/p" "$1/$2" | head -n 1; }

# part_of VERSION WHAT
part_of() {
    local major minor patch
    IFS=. read -r major minor patch <<<"$1"
    case $2 in
    version) echo "$1" ;;
    series) echo "$major.$minor" ;;
    major) echo "$major" ;;
    minor) echo "$minor" ;;
    patch) echo "$patch" ;;
    esac
}

version_of() {
    local name numbers=()
    for name in MAJOR MINOR PATCH; do numbers+=("$(found "$1" lib/mote.h "^#define MOTE_VERSION_$name ")"); done
    [[ ${numbers[*]} =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]] || die "lib/mote.h has no MOTE_VERSION_MAJOR, _MINOR and _PATCH"
    (IFS=. && echo "${numbers[*]}")
}

# check TREE: every place has the version of lib/mote.h.
check() {
    local version place file what pattern is wanted wrong=0
    version=$(version_of "$1")
    for place in "${places[@]}"; do
        IFS='|' read -r file what pattern <<<"$place"
        is=$(found "$1" "$file" "$pattern") wanted=$(part_of "$version" "$what")
        [ "$is" = "$wanted" ] && continue
        echo "$file: \"$pattern\" is followed by ${is:-no number}, not $wanted, the $what of lib/mote.h" >&2
        wrong=1
    done
    [ $wrong -eq 0 ] || die "the versions disagree; tools/version.sh $version writes it everywhere"
    echo "$version in ${#places[@]} places"
}

# write TREE VERSION: into the first line that has the pattern.
write() {
    local place file what pattern
    for place in "${places[@]}"; do
        IFS='|' read -r file what pattern <<<"$place"
        [ -n "$(found "$1" "$file" "$pattern")" ] || die "$file: \"$pattern\" is followed by no number"
    done
    for place in "${places[@]}"; do
        IFS='|' read -r file what pattern <<<"$place"
        sed -i -E "0,/${pattern}[0-9]/s/($pattern)[0-9][0-9.]*/\\1$(part_of "$2" "$what")/" "$1/$file"
    done
}

check_itself() {
    local place file what pattern tree
    tree=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$tree'" EXIT
    for place in "${places[@]}"; do
        IFS='|' read -r file what pattern <<<"$place"
        mkdir -p "$tree/$(dirname "$file")"
        cp "$here/$file" "$tree/$file"
    done
    check "$tree" >/dev/null
    for place in "${places[@]}"; do
        IFS='|' read -r file what pattern <<<"$place"
        sed -i -E "0,/${pattern}[0-9]/s/($pattern)[0-9]+/\\177/" "$tree/$file"
        if (check "$tree") >"$tree/log" 2>&1; then die "$file: another $what was not found"; fi
        (write "$tree" "$(version_of "$here")")
        check "$tree" >/dev/null
    done
    write "$tree" 12.34.56
    [ "$(check "$tree")" = "12.34.56 in ${#places[@]} places" ] || die "a new version is not written everywhere"
    echo "found, and mended: another number in each of ${#places[@]} places"
}

case ${1-} in
'') version_of "$here" ;;
--check) check "$here" ;;
--check-itself) check_itself ;;
*)
    if ! [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
        echo "version.sh: usage: version.sh [X.Y.Z | --check | --check-itself], not \"$1\"" >&2
        exit 2
    fi
    write "$here" "$1"
    check "$here"
    ;;
esac
