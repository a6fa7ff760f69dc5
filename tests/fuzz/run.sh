#!/usr/bin/env bash
# Builds the fuzz preset and runs every target, 10 seconds each; fails on a finding, whose input stays
# in build/fuzz/findings. `--seconds N` runs longer, `-j N` builds N at a time, and names run only those:
#   tests/fuzz/run.sh --seconds 60 message block
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/fuzz

seconds=10
jobs=$(nproc)
targets=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds) seconds=${2:?fuzz: --seconds needs a number}; shift 2 ;;
    -j) jobs=${2:?fuzz: -j needs a number}; shift 2 ;;
    -*) sed -n '2,4s/^# \?//p' "$0" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done
if [[ ${#targets[@]} -eq 0 ]]; then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

deploy/install-deps.sh
missing=()
while read -r package proof _; do
  [[ -z $package || $package == \#* ]] && continue
  [[ -e $proof ]] || missing+=("$package")
done < tests/fuzz/dependencies.txt
if [[ ${#missing[@]} -gt 0 ]]; then
  [[ $(id -u) -eq 0 ]] || { echo "fuzz: run as root: apt-get install ${missing[*]}" >&2; exit 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

cmake --preset fuzz >/dev/null
cmake --build "$build" --parallel "$jobs" --target "${targets[@]/%/_fuzz}"
mkdir -p "$build/findings"
failed=()
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target"  # what a run learns, kept for the next
  log=$build/findings/$target.log
  if "$build/bin/${target}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
      -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/findings/$target-" \
      "$build/corpus/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
    awk -v target="$target" '/number_of_executed_units/ {units = $2}
      /new_units_added/ {new = $2}
      END {printf "%-16s %10d executions %6d inputs learned\n", target, units, new}' "$log"
  else
    failed+=("$target")
    echo "$target: a finding:" >&2
    tail -n 40 "$log" >&2
  fi
done
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "fuzz: findings in ${failed[*]}; inputs in $build/findings" >&2
  exit 1
fi
