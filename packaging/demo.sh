#!/usr/bin/env bash
# From a fresh Debian 12 to a running demo municipality: installs what is missing, builds, starts.
#   packaging/demo.sh [--dir DIR] [--port PORT]
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/packages.sh
install_packages "${build_packages[@]}" "${run_packages[@]}"
packaging/build.sh release
dir=; args=()
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=$2; shift 2;;
    *) args+=("$1"); shift;;
  esac
done
if [ -z "$dir" ]; then
  if [ "$(id -u)" -eq 0 ]; then dir=/var/lib/concejo/demo; else dir=${XDG_DATA_HOME:-$HOME/.local/share}/concejo/demo; fi
fi
exec build/release/bin/concejo demo --dir "$dir" "${args[@]}"
