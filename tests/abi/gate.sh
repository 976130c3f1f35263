#!/usr/bin/env bash
# The boundary against the baseline of each minor that was released, and the proof that the gate can turn red.
#   gate.sh PROBE COMPILER INCLUDE            compares
#   gate.sh PROBE COMPILER INCLUDE --write    writes the baseline of the header's own minor (README.md says when)
set -euo pipefail
probe=$1 compiler=$2 include=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# The header as the compiler sees it: its parts (abi_*.h) in their place.
header=$work/whole.h
while IFS= read -r line; do
  if [[ $line =~ ^#include\ \"(abi_[a-z]+\.h)\" ]]; then cat "$include/concejo/${BASH_REMATCH[1]}"; else printf '%s\n' "$line"; fi
done <"$include/concejo/abi.h" >"$header"
number() { sed -nE "s/^#define CONCEJO_ABI_$1 ([0-9]+).*/\1/p" "$header"; }
version=$(number MAJOR).$(number MINOR)

# Values of enumerators and names in the file, which no type's layout shows.
constants() {
  { grep -oE '\bCONCEJO_[A-Z0-9_]+ = [0-9]+' "$1"
    sed -nE 's/^#define (CONCEJO_(ABI_PLATFORM|ENTRY_SYMBOL|NOTE_[A-Z]+)) ("[^"]*"|[0-9a-fx]+u?).*/\1 = \3/p' "$1"; } | sort -u
}
# build HEADER MINOR OUT: the probe with that header, as it is for a plugin that asks for that minor; with the types of all it
# names, which clang leaves out otherwise
build() {
  mkdir -p "$work/concejo" && cp "$1" "$work/concejo/abi.h"
  "$compiler" -g -fno-eliminate-unused-debug-types -fPIC -shared -Wl,-soname,libabi_probe.so -DCONCEJO_ABI_MINOR="$2" -I"$work" "$here/probe.cpp" -o "$3"
}
# same HEADER BASELINE: whether a plugin of that release still finds what it knew
same() {
  local minor=${2##*.}
  build "$1" "$minor" "$work/probe.so" 2>/dev/null && abidiff "$2.abi" "$work/probe.so" >"$work/difference" &&
    [ -z "$(comm -23 "$2.constants" <(constants "$1"))" ]
}

if [ "${4:-}" = --write ]; then
  abidw --no-corpus-path --no-comp-dir-path --no-show-locs "$probe" | sed "s#$(cd "$here/../.." && pwd)/##g" >"$here/sdk-$version.abi"
  constants "$header" >"$here/sdk-$version.constants"
  exit
fi

failed=0
for struct in $(grep -oE '^typedef struct concejo_[a-z0-9_]+' "$header" | awk '{print $3}' | sort -u); do
  # Those without a body are handles, which have no layout.
  grep -qE "^typedef struct $struct \{|^struct $struct \{" "$header" || continue
  [ "$struct" = concejo_str ] || grep -qw "$struct" "$here/probe.cpp" || { echo "$struct is not in probe.cpp"; failed=1; }
done
baselines=("$here"/sdk-*.abi); baselines=("${baselines[@]%.abi}")
[ -e "$here/sdk-$version.abi" ] || { echo "there is no baseline of SDK $version: README.md says how to write it"; failed=1; }
for baseline in "${baselines[@]}"; do
  same "$header" "$baseline" && continue
  failed=1
  echo "the boundary differs from $(basename "$baseline"): append at the end, inside #if CONCEJO_ABI_MINOR >= the next one"
  cat "$work/difference"; comm -23 "$baseline.constants" <(constants "$header") | sed 's/^/gone or changed: /'
done
[ $failed -eq 0 ] || exit 1

# seed WHAT SED-PROGRAM: the changed header must be refused by every baseline
seed() {
  sed -E "$2" "$header" >"$work/seeded.h"
  if cmp -s "$header" "$work/seeded.h"; then echo "the seeded defect did not apply: $1"; failed=1; return; fi
  for baseline in "${baselines[@]}"; do
    if same "$work/seeded.h" "$baseline"; then echo "passed the gate of $(basename "$baseline"): $1"; failed=1; fi
  done
}
seed "a changed parameter" 's/concejo_status \(\*commit\)\(concejo_tx\*\);/concejo_status (*commit)(concejo_tx*, int32_t);/'
seed "a changed result" 's/void \(\*rollback\)\(concejo_tx\*\);/concejo_status (*rollback)(concejo_tx*);/'
seed "a function taken away" '/void \(\*rows_free\)\(concejo_rows\*\);/d'
seed "a function put in the middle" 's/(.*void \(\*rows_free\)\(concejo_rows\*\);)/    void (*new_one)(void);\n\1/'
seed "a function added at the end of a released minor" 's/(.*\(\*progress\)\(concejo_job\*.*)/\1\n    void (*new_one)(concejo_job*);/'
seed "a longer field of the descriptor" 's/char id\[64\];/char id[128];/'
seed "another value of a status" 's/CONCEJO_CONFLICT = 4/CONCEJO_CONFLICT = 9/'
seed "another name of the entry" 's/"concejo_plugin_entry"/"concejo_entry"/'

# What is allowed stays green: a function of the next minor, which plugins of this one do not see.
next=$(($(number MINOR) + 1))
sed -E "s/(.*\(\*progress\)\(concejo_job\*.*)/\1\n#if CONCEJO_ABI_MINOR >= $next\n    void (*new_one)(concejo_job*);\n#endif/" "$header" >"$work/grown.h"
for baseline in "${baselines[@]}"; do
  same "$work/grown.h" "$baseline" || { echo "a function of the next minor is refused by $(basename "$baseline")"; failed=1; }
done
[ $failed -eq 0 ] || exit 1
echo "boundary equal to its baselines (${#baselines[@]}); eight seeded changes are caught"
