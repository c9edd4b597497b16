# shellcheck shell=bash
# A fresh Debian or Ubuntu by debootstrap, for the tests that need one. Sourced. Packages come from where this Debian has
# its own, those of Ubuntu from the mirror beside it.

# Why none can be made here; nothing where it can.
lacks_debian_system() {
    [ "$(id -u)" -eq 0 ] || echo "this is not root"
    command -v debootstrap >/dev/null || echo "there is no debootstrap"
}

# make_debian_system SUITE FOLDER: a FOLDER that has a system already is used again. Whoever makes one calls
# end_debian_system before it removes the folder.
make_debian_system() {
    local mirror options=() scripts=/usr/share/debootstrap/scripts
    mirror=$(apt-get indextargets --format "\$(SITE) \$(LABEL)" "Created-By: Packages" | sed -n 's/ Debian$//p' | head -n 1)
    case $1 in
    jammy | noble)
        mirror=${mirror%/*}/ubuntu
        options=("--components=main,universe")
        ;;
    esac
    if [ ! -x "$2/usr/bin/apt-get" ]; then
        mkdir -p "$2"
        # A debootstrap that is older than a suite has its script under an older suite's name.
        if [ -e "$scripts/$1" ]; then scripts+=/$1; else scripts+=/jammy; fi
        debootstrap --variant=minbase "${options[@]}" "$1" "$2" "$mirror" "$scripts" || return 1
    fi
    mountpoint -q "$2/proc" || mount -t proc proc "$2/proc"
    cp /etc/resolv.conf "$2/etc/resolv.conf"
}

end_debian_system() { umount "$1/proc" 2>/dev/null || true; }

# in_debian_system FOLDER COMMAND …
in_debian_system() { chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 "${@:2}"; }
