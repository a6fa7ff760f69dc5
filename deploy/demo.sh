#!/usr/bin/env bash
# The whole story on one machine: four regulators agree on the 1,238 filings of the five published
# sets, issue their codes, verify one without any node, and pass an audit from genesis.
#   deploy/demo.sh          runs it anew (deletes the last run's chain), leaves the cluster running
#   deploy/demo.sh --down   stops it; its data stays in var/demo
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=${BEIAN_DEMO_DIR:-$root/var/demo}
cluster=$dir/cluster
sets="1 2 3 4 5"
forged=11010519418374810018        # its check character should be 6
never_issued=11010519864491550014  # the real code of a real filing, which another registry issued
offices_at_once=4

case ${1:-} in
  "") ;;
  --down) exec "$bin/beian" cluster down --dir "$cluster" ;;
  *) sed -n '4,5s/^# *//p' "$0" >&2; exit 2 ;;
esac

build_programs
started=${EPOCHREALTIME/./}

step() {
  local now=${EPOCHREALTIME/./}
  printf '\n== %s  [%d.%d s]\n' "$1" $(((now - started) / 1000000)) $(((now - started) / 100000 % 10))
}

# Prints a command and runs it; `expecting N command` wants its exit code to be N.
run() { echo "\$ beian $*"; "$bin/beian" "$@"; }
expecting() {
  local wanted=$1 code=0
  shift
  run "$@" || code=$?
  echo "exit code $code"
  if [[ $code -ne $wanted ]]; then
    echo "demo: exit code $wanted was expected" >&2
    exit 1
  fi
}

# The filings that a result file names, one id a line, in the order of the plan's rows.
filing_ids() {
  sed -n 's/^{"row":\([0-9]*\),.*"filing":"\([0-9a-f]\{64\}\)".*/\1 \2/p' "$1" | sort -n | cut -d' ' -f2
}

review_as() {
  local office=$1 taken forwarded
  taken=$("$bin/beian" review take --all --key "$office" -o ndjson | grep -c '"accepted": *true') || true
  forwarded=$("$bin/beian" review forward --all --key "$office" -o ndjson |
    grep -c '"accepted": *true') || true
  printf '  %-16s took up %4d, forwarded %4d\n' "$office" "$taken" "$forwarded"
}

step "Four regulators start a chain"
base=${BEIAN_BASE_PORT:-7100}
[[ ! -e $cluster/cluster.json ]] || "$bin/beian" cluster down --dir "$cluster" >/dev/null
for port in $(seq "$base" $((base + 3))) $(seq $((base + 100)) $((base + 103))) \
    $(seq $((base + 200)) $((base + 203))); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "demo: port $port is in use; end what listens there, or take others:" >&2
    echo "  BEIAN_BASE_PORT=$((base + 1000)) deploy/demo.sh" >&2
    exit 1
  fi
done
if [[ -e $cluster/cluster.json ]]; then
  echo "the chain of the last run, in $cluster, is deleted"
  "$bin/beian" cluster reset --dir "$cluster" >/dev/null
fi
mkdir -p "$dir"
(cd "$dir" && rm -rf cluster providers plan.ndjson set-[1-5].* certificate.json forged.json chain.bin)
run cluster up -n 4 --dir "$cluster" ${BEIAN_BASE_PORT:+--base-port "$BEIAN_BASE_PORT"}
export BEIAN_CONFIG=$cluster/beian.toml

step "What is known of the five published sets becomes 1,238 filings; what is invented is marked"
for set in $sets; do
  "$bin/beian" set plan --data "$root/data" --sets "$set" --keys "$dir/providers" \
    --out "$dir/set-$set.ndjson" >/dev/null
done
run set plan --data "$root/data" --sets 1:5 --keys "$dir/providers" --out "$dir/plan.ndjson"

step "Each provider signs and submits its own filings"
for set in $sets; do
  run filing submit --bulk "$dir/set-$set.ndjson" --keys "$dir/providers" \
    --results "$dir/set-$set.results"
done

step "Each provincial office takes up what is registered in its province, and forwards it"
export bin
export -f review_as
find "$cluster/keys" -name '*.pem' ! -name cac.pem ! -name auditor.pem -printf '%f\n' |
  sed 's/\.pem$//' | sort | xargs -P "$offices_at_once" -I{} bash -c 'review_as {}'

step "The CAC approves: the ledger issues the codes; five sets are published with their days"
for set in $sets; do
  filing_ids "$dir/set-$set.results" >"$dir/set-$set.ids"
  day=$(awk -F'\t' -v set="$set" '$1 == set { print $2 }' "$root/data/published-batches.tsv")
  run review approve "@$dir/set-$set.ids" --key cac
  run set publish --number "$set" --date "$day" --all --key cac
done

step "The sets, counted from the replayed chain, beside what was published"
run stats sets --published "$root/data"

step "Provinces by number of filings"
run stats provinces --published "$root/data"

step "A code is verified: against the ledger, then from a file without any node"
first=$(head -n 1 "$dir/set-1.ids")
code=$("$bin/beian" filing get "$first" -o json |
  sed -n 's/.*"code": *"\([0-9X]\{20\}\)".*/\1/p' | head -n 1)
run code verify "$code"
run code certificate "$code" "$dir/certificate.json"
run code verify --offline "$dir/certificate.json"

step "A forged code is refused, and so is a certificate in which another provider stands"
expecting 10 code verify "$forged"
sed 's/百度/千度/g' "$dir/certificate.json" >"$dir/forged.json"
expecting 10 code verify --offline "$dir/forged.json"

step "A well-formed code that this ledger never issued: its absence is proven"
expecting 3 code verify "$never_issued"

step "The whole chain is audited, trusting only the genesis file"
run audit run --level L3

step "Done; the cluster is running"
cat <<END
Try next:
  export BEIAN_CONFIG=$cluster/beian.toml PATH=$bin:\$PATH
  beian code lookup 百度
  beian chain status
  beian doctor
  deploy/demo.sh --down
END
