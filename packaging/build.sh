#!/usr/bin/env bash
# Builds a preset (release by default) with a progress bar instead of a wall of lines.
#   packaging/build.sh [PRESET] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}; shift || true
log=build/$preset.log
# Another checkout of the same sources finds what this one compiled.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
mkdir -p build
if ! cmake --preset "$preset" >"$log" 2>&1; then
  tail -20 "$log" >&2; echo "La configuración ha fallado; registro completo: $log" >&2; exit 1
fi
bar() { # reads ninja's "[done/total]" lines; a smaller total is a build inside the build
  local line filled width=30 last=-1 percent total=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    [ "${BASH_REMATCH[2]}" -ge "$total" ] || continue
    total=${BASH_REMATCH[2]}
    percent=$(( BASH_REMATCH[1] * 100 / BASH_REMATCH[2] ))
    [ "$percent" -eq "$last" ] && continue
    if [ -t 1 ]; then
      filled=$(( percent * width / 100 ))
      printf '\r[%s%s] %3d %% ' "$(printf '━%.0s' $(seq 1 $((filled > 0 ? filled : 1))))" "$(printf ' %.0s' $(seq 1 $((width - filled > 0 ? width - filled : 1))))" "$percent"
    elif [ $((percent / 20)) -ne $((last / 20)) ]; then
      printf 'Compilando (%s): %d %%\n' "$preset" "$percent"
    fi
    last=$percent
  done
  [ -t 1 ] && printf '\n'
  return 0
}
set +e
cmake --build --preset "$preset" ${1:+--target "$@"} 2>&1 | bar
status=${PIPESTATUS[0]}
set -e
if [ "$status" -ne 0 ]; then
  grep -E 'error|FAILED|Error|ERR!' "$log" | head -20 >&2
  echo "La compilación ha fallado; registro completo: $log" >&2
  exit "$status"
fi
