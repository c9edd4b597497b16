#!/usr/bin/env bash
# before_after.sh OLD_BUILD NEW_BUILD [options]: the mote_bench of two builds (preset bench) in interleaved pairs, so that
# what else the machine does meets both: for each workload the median of the ratios of its pairs, above 1 where the new
# build is slower, and a 95% interval (bootstrap). --isa NAME forces an instruction set; `--help` lists the options.
# Exit status: 0; 1 where a workload is more than 3% slower; 2 for arguments that cannot be used.
set -euo pipefail
exec /usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/before_after.py" "$@"
