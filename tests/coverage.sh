#!/usr/bin/env bash
# Line coverage of ledger/ and node/consensus by their unit tests and the simulator's; fails below
# 90 %. `tests/coverage.sh --missing` also lists the lines that no test reaches.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=build/coverage
folders=(tests/ledger/{base,crypto,merkle,filing,chain,verify} tests/node/{consensus,mempool,replica} tests/sim)

deploy/install-deps.sh
cmake --preset coverage >/dev/null
cmake --build "$build" --target "${folders[@]/%//all}"
find "$build" -name '*.gcda' -delete
for folder in "${folders[@]}"; do
  ctest --test-dir "$build/$folder" --parallel "$(nproc)" --output-on-failure --label-exclude long
done
python3 -B tests/coverage.py --build "$build" --minimum 90 "$@" ledger node/consensus
