#!/usr/bin/env bash
# Line coverage of ledger/ and node/consensus by unit tests; fails below 90 %. The simulator's tests
# would reach more, but without optimisation they do not end within their time.
# `--missing` also lists the lines that no test reaches; `-j N` builds and tests N at a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=build/coverage
folders=(tests/ledger/{base,crypto,merkle,filing,chain,verify} tests/node/{consensus,mempool,replica})

jobs=$(nproc)
report=()
while [[ $# -gt 0 ]]; do
  case $1 in
    -j) jobs=${2:?coverage: -j needs a number}; shift 2 ;;
    --missing) report+=(--missing); shift ;;
    *) echo "usage: tests/coverage.sh [-j N] [--missing]" >&2; exit 2 ;;
  esac
done

deploy/install-deps.sh
cmake --preset coverage >/dev/null
cmake --build "$build" --parallel "$jobs" --target "${folders[@]/%//all}"
find "$build" -name '*.gcda' -delete
for folder in "${folders[@]}"; do
  ctest --test-dir "$build/$folder" --parallel "$jobs" --output-on-failure --label-exclude long
done
python3 -B tests/coverage.py --build "$build" --minimum 90 "${report[@]}" ledger node/consensus
