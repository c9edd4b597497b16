#!/usr/bin/env bash
# emulate.sh QEMU OPTION … -- FIRMWARE.elf [ARGUMENT …]: runs firmware that prints by semihosting. QEMU is an emulator of
# whole machines, the options choose one. The firmware gets the arguments, its file name before them. MOTE_EMULATE_OPTIONS
# may hold further options.
emulator=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    emulator+=("$1")
    shift
done
if [ ${#emulator[@]} -eq 0 ] || [ $# -lt 2 ]; then
    echo "emulate.sh: needs an emulator, -- and a firmware" >&2
    exit 2
fi
shift
firmware=$1
# QEMU takes the arguments in a list of its own, where a comma is written twice.
list=""
for argument; do list+=",arg=${argument//,/,,}"; done
read -ra further <<<"${MOTE_EMULATE_OPTIONS-}"
exec "${emulator[@]}" "${further[@]}" -display none -monitor none -serial none -chardev stdio,id=console \
    -semihosting-config "enable=on,target=native,chardev=console$list" -kernel "$firmware" </dev/null
