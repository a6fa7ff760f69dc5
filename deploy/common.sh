# Shared by the scripts of this folder: where the project and its programs are.
unset BEIAN_CONFIG  # a cluster that a script starts has a configuration of its own
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=${BEIAN_BIN:-$root/build/release/bin}  # BEIAN_BIN: programs that are already built

# Builds beian and beiand when they are missing or older than their sources.
build_programs() {
  if [[ -n ${BEIAN_BIN:-} ]]; then
    return
  fi
  "$root/deploy/install-deps.sh"
  if [[ ! -f $root/build/release/build.ninja ]]; then
    (cd "$root" && cmake --preset release)
  fi
  cmake --build "$root/build/release" --target beian beiand
}
