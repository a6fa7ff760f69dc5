#!/usr/bin/env bash
# Builds the release preset and runs the tests; the last lines are ctest's summary.
#   tests/run.sh          what a change must pass
#   tests/run.sh --long   the campaigns too: many seeds of the simulator, long runs of real clusters
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

select=(--label-exclude long)
for argument in "$@"; do
  case $argument in
    --long) select=() ;;
    *) sed -n '2,4s/^# \?//p' "$0" >&2; exit 2 ;;
  esac
done

deploy/install-deps.sh
cmake --preset release
cmake --build build/release
ctest --test-dir build/release --parallel "$(nproc)" --output-on-failure --no-tests=error "${select[@]}"
