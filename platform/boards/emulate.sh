#!/bin/sh
# emulate.sh MACHINE FIRMWARE.elf [ARGUMENT …]: runs firmware that speaks by semihosting on a machine of
# qemu-system-arm. The firmware gets the arguments, its file name before them.
if [ $# -lt 2 ]; then
    echo "emulate.sh: needs a machine and a firmware" >&2
    exit 2
fi
machine=$1
firmware=$2
shift
# QEMU takes the arguments in a list of its own, where a comma is written twice.
list=$(for argument; do printf ',arg=%s' "$(printf '%s' "$argument" | sed 's/,/,,/g')"; done)
exec qemu-system-arm -M "$machine" -display none -monitor none -serial none -chardev stdio,id=console \
    -semihosting-config "enable=on,target=native,chardev=console$list" -kernel "$firmware" </dev/null
