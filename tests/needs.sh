#!/usr/bin/env bash
# needs.sh TOOL COMMAND …: runs the command, or is skipped (status 77) where there is no such tool.
command -v "$1" >/dev/null || { echo "SKIP: there is no $1"; exit 77; }
exec "${@:2}"
