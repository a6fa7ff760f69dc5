#!/usr/bin/env bash
# Installs what deploy/dependencies.txt lists and this machine lacks. Needs root only when something is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

missing=()
while read -r package proof _; do
  [[ -z $package || $package == \#* ]] && continue
  [[ -e $proof ]] || missing+=("$package")
done < "$here/dependencies.txt"

if [[ ${#missing[@]} -eq 0 ]]; then
  echo "install-deps: everything is there"
  exit 0
fi
echo "install-deps: installing ${missing[*]}"
if [[ $(id -u) -ne 0 ]]; then
  if command -v sudo >/dev/null; then
    exec sudo "$here/install-deps.sh"
  fi
  echo "install-deps: run as root: apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
