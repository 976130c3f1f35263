#!/usr/bin/env bash
# Every test: installs what they need, builds, runs, and ends with ctest's summary.
#   tests/run.sh [--full]      --full: the long soaks, fuzzing and large data as well
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/packages.sh
export CONCEJO_FULL=0
[ "${1:-}" = --full ] && export CONCEJO_FULL=1
if [ -z "${CONCEJO_CONFORMANCE:-}" ] && [ -d ../shared/data ]; then CONCEJO_CONFORMANCE=$(cd ../shared/data && pwd); export CONCEJO_CONFORMANCE; fi

[ $CONCEJO_FULL = 1 ] && test_packages+=("${full_packages[@]}")
install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
packaging/build.sh release
for folder in browser readers uploads; do (cd tests/$folder && npm ci --silent --no-audit --no-fund); done
echo "Comprobando con ASan y UBSan…"
packaging/build.sh asan catch_tests
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
ctest --test-dir build/asan -L catch --output-on-failure --timeout 900 -j 3
unset LSAN_OPTIONS
ctest --test-dir build/release --output-on-failure -j 4  # most of them wait more than they compute
