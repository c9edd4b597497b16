#!/usr/bin/env bash
# messages_page.sh: runs the commands of platform/MESSAGES.md in their order, on the messages that the page names, and
# looks for what it says that they print. Takes a minute and a half.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
page=platform/MESSAGES.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# blocks LANGUAGE: what stands in the page's fenced blocks of it.
blocks() { awk -v language="$1" '/^```/ { inside = !inside; on = inside && substr($0, 4) == language; next } on' "$page"; }

rm -rf build/chat
mkdir -p build/chat
cat >build/chat/result.json <<'JSON'
{"messages": [{"text": "on my way"}, {"text": ["see ", {"type": "link", "text": "here"}]}, {"text": ""},
              {"text": "two\nlines"}]}
JSON
blocks sh >"$scratch/commands.sh"
bash -euo pipefail "$scratch/commands.sh" >"$scratch/printed" 2>"$scratch/log" || {
    tail -n 5 "$scratch/printed" "$scratch/log"
    exit 1
}
grep -qx '{"text":"two\\nlines"}' build/chat/messages.jsonl || { echo "FAIL the chat has not become JSON lines" && exit 1; }
grep -q 'Meet at the bridge at 9' "$scratch/printed" || { echo "FAIL the message does not come back" && exit 1; }
cmp build/chat/messages.mote platform/boards/examples/messages.mote
[ "$(wc -l <build/chat/printed)" -gt 100 ] || { echo "FAIL the board has printed next to nothing" && exit 1; }
lines=0
while IFS= read -r line; do
    grep -qxF -- "$line" "$scratch/printed" || { echo "FAIL nothing prints: $line" && exit 1; }
    lines=$((lines + 1))
done < <(blocks '')
[ $lines -eq 2 ] || { echo "FAIL $page shows $lines lines of output" && exit 1; }
echo "1 passed, 0 failed, 0 skipped"
