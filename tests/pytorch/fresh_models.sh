#!/usr/bin/env bash
# fresh_models.sh BUILD: models that PyTorch makes and trains now, of another seed, are converted and compared as those
# beside the tests are. Skipped (77) without PyTorch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(cd "${1:?usage: fresh_models.sh BUILD}" && pwd)
if ! /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null; then
    echo "SKIP: there is no PyTorch (python3-torch)"
    exit 77
fi
/usr/bin/python3 tests/convert/make_models.py build/models "$(date +%s)"
MOTE_MODELS=$PWD/build/models MOTE_CLI=$build/mote "$build/tests/mote_cli_tests" \
    -tc='models trained elsewhere*,a comparison that fails*'
