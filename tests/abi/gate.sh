#!/usr/bin/env bash
# The boundary against its baseline, and the proof that the gate can turn red: a changed parameter must fail.
set -euo pipefail
probe=$1 compiler=$2 include=$3
here=$(cd "$(dirname "$0")" && pwd)
baseline=$here/sdk-0.1.abi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

if [ "${4:-}" = --write ]; then
  abidw --no-corpus-path --no-comp-dir-path --no-show-locs "$probe" | sed "s#$(cd "$here/../.." && pwd)/##g" >"$baseline"
  exit
fi

abidiff "$baseline" "$probe" || { echo "the boundary differs from $(basename "$baseline"): append at the end, or raise the minor"; exit 1; }

mkdir -p "$work/concejo"
sed 's/concejo_status (\*commit)(concejo_tx\*);/concejo_status (*commit)(concejo_tx*, int32_t);/' "$include/concejo/abi.h" >"$work/concejo/abi.h"
cp "$include"/concejo/abi_*.h "$work/concejo/"
cmp -s "$include/concejo/abi.h" "$work/concejo/abi.h" && { echo "the seeded defect did not apply"; exit 1; }
"$compiler" -g -fPIC -shared -I"$work" "$here/probe.cpp" -o "$work/probe.so"
if abidiff "$baseline" "$work/probe.so" >/dev/null; then echo "a changed parameter passed the gate"; exit 1; fi
echo "boundary equal to its baseline; a seeded change is caught"
