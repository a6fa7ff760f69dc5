#!/usr/bin/env bash
# Starts a cluster of its own, loads it, prints the figures, stops it.
# usage: tests/bench/run.sh [--quick] [--json FILE] [--nodes N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${BEIAN_BIN:-$root/build/release/bin}
nodes=4
args=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --quick) args+=(--quick) ;;
    --json) args+=(--json "$2"); shift ;;
    --nodes) nodes=$2; shift ;;
    *) echo "usage: $0 [--quick] [--json FILE] [--nodes N]" >&2; exit 2 ;;
  esac
  shift
done
if [[ ! -x $bin/beian-bench ]]; then
  cmake --preset release -S "$root" >/dev/null
  cmake --build "$root/build/release" --target beian beiand beian-bench
fi
dir=$(mktemp -d)
trap '"$bin/beian" cluster down --dir "$dir" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
"$bin/beian" cluster up -n "$nodes" --dir "$dir" --base-port 17100 >/dev/null
"$bin/beian-bench" --cluster "$dir" "${args[@]}"
