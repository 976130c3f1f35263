#!/usr/bin/env bash
# What a developer types: packaging/dev.sh build|test|run|format|lint|abi [ARGS]
set -euo pipefail
cd "$(dirname "$0")/.."
sources() { git ls-files '*.cpp' '*.hpp' '*.h'; }
case ${1:-} in
  build)  shift; packaging/build.sh "${1:-debug}" "${@:2}";;
  test)   shift; packaging/build.sh debug; ctest --preset debug "$@";;
  run)    shift; packaging/build.sh debug; exec build/debug/bin/concejo demo --dir "${1:-build/demo}" "${@:2}";;
  format) sources | xargs clang-format -i;;
  lint)   packaging/build.sh debug; sources | grep '\.cpp$' | xargs -P2 -n4 clang-tidy -quiet -p build/debug;;
  abi)    packaging/build.sh debug abi_probe
          tests/abi/gate.sh build/debug/tests/abi/libabi_probe.so g++ sdk/include "${2:-}";;
  *)      sed -n 2p "$0" | cut -c3-; exit 2;;
esac
