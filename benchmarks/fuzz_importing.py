"""Import many damaged files: no traceback, no hang, no silent loss.

    python benchmarks/fuzz_importing.py 100000 [FIRST_SEED]

Prints what became of the files of each format, every failure with its seed, and the slowest file. What
is asked of each file stands in tests/fuzzing.py, which the tests use for a small run of the same.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from fuzz_pool import run
from fuzzing import damaged, judge

NORMALISED = 7
"""One file in so many goes on to become work orders; the others end as raw tables."""


def judged(seed: int) -> tuple[str, str]:
    kind, data = damaged(seed)
    return kind, judge(data, normalise=seed % NORMALISED == 0)


if __name__ == "__main__":
    sys.exit(run(judged, *map(int, sys.argv[1:])))
