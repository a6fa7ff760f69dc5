#!/usr/bin/env bash
# A local cluster: deploy/cluster.sh up [-n 4..32] | down | status | logs | reset
# BEIAN_BASE_PORT: its first port (7100; API 100, operations 200 above); BEIAN_CLUSTER_DIR: its folder
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dir=${BEIAN_CLUSTER_DIR:-$root/var/cluster}

verb=${1:-}
case $verb in
  up)
    build_programs
    mkdir -p "$(dirname "$dir")"
    if [[ -n ${BEIAN_BASE_PORT:-} ]]; then
      set -- "$@" --base-port "$BEIAN_BASE_PORT"
    fi
    ;;
  down | status | logs | reset) ;;
  *)
    echo "usage: [BEIAN_BASE_PORT=7100] deploy/cluster.sh up [-n 4..32] | down | status | logs | reset" >&2
    exit 2
    ;;
esac
shift
exec "$bin/beian" cluster "$verb" --dir "$dir" "$@"
