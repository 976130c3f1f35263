"""Clients that abort, stall, cut and crowd, beside ordinary ones.

usage: hostile.py HTTP_FIXTURE [test ...]   Prints one line per test; exit 1 when one fails. CONCEJO_FULL=1: longer.
"""
import random
import shutil
import sys
import time
import warnings

import cases_clients  # noqa: F401  each module adds its tests to the suite
import cases_limits  # noqa: F401
import cases_service  # noqa: F401
from client import scratch
from suite import TESTS

warnings.simplefilter("ignore", DeprecationWarning)


def main():
    folder = scratch()
    with open(f"{folder}/big", "wb") as f:
        f.write(random.Random(2).randbytes(8 << 20))
    wanted, failed = set(sys.argv[2:]), 0
    try:
        for f in TESTS:
            if wanted and f.__name__ not in wanted:
                continue
            begun = time.time()
            try:
                said = f(folder)
                print(f"ok   {f.__name__} ({time.time() - begun:.1f} s) {said or ''}", flush=True)
            except Exception as error:  # a test's failure is a line, not the end of the others
                failed += 1
                print(f"FAIL {f.__name__}: {type(error).__name__} {error}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
