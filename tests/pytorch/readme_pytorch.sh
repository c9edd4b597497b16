#!/usr/bin/env bash
# readme_pytorch.sh: does what tools/convert/README.md says, from torch.save to text out of a Cortex-M4, in a folder of
# its own. Needs PyTorch; skipped (77) without it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$root/build/readme-pytorch
page=$root/tools/convert/README.md

python=/usr/bin/python3
if ! "$python" -c 'import torch, numpy' 2>/dev/null; then
    echo "there is no PyTorch (python3-torch) for $python"
    exit 77
fi
rm -rf "$scratch"
mkdir -p "$scratch"
awk '/^```python$/ { on = 1; next } /^```/ { on = 0 } on' "$page" >"$scratch/train.py"
awk '/^```python$/ { seen = 1 } seen && /^```sh$/ { on = 1; next } on && /^```/ { exit } on' "$page" \
    >"$scratch/commands.sh"
grep -q 'torch.save' "$scratch/train.py"
grep -q 'mote convert' "$scratch/commands.sh"

# A clone of what is here: sources by links, builds and results of its own.
for entry in "$root"/*; do
    [ "$(basename "$entry")" = build ] || ln -s "$entry" "$scratch/"
done
sed -i -e "s|python3|$python|" -e "s|--count 10 --length 40 --temperature 0.8|& --seed 1 >sample.txt|" \
    -e "s|generate.elf|& >firmware.txt|" "$scratch/commands.sh"
(cd "$scratch" && bash -e commands.sh)
cd "$scratch"
cat sample.txt
[ "$(wc -l <sample.txt)" -eq 10 ]
cmp sample.txt firmware.txt
echo "from torch.save to a Cortex-M4 that generates the same"
