#!/usr/bin/env bash
# A local cluster: deploy/cluster.sh up [-n 4..32] | down | status | logs | reset
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=${BEIAN_CLUSTER_DIR:-$root/var/cluster}

verb=${1:-}
case $verb in
  up)
    build_programs
    mkdir -p "$(dirname "$dir")"
    ;;
  down | status | logs | reset) ;;
  *)
    echo "usage: deploy/cluster.sh up [-n 4..32] | down | status | logs | reset" >&2
    exit 2
    ;;
esac
shift
exec "$bin/beian" cluster "$verb" --dir "$dir" "$@"
