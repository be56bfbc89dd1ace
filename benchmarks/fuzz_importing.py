"""Import many damaged files: no traceback, no hang, no silent loss.

    python benchmarks/fuzz_importing.py 100000 [FIRST_SEED]

Prints what became of the files of each format, every failure with its seed, and the slowest file. What
is asked of each file stands in tests/fuzzing.py, which the tests use for a small run of the same.
"""

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from fuzzing import damaged, judge

CURRENT = Path(tempfile.gettempdir()) / "hotline-fuzz"
"""Which file each process is at: one that kills its process cannot tell."""
HANG_SECONDS = 20
CHUNK = 200
NORMALISED = 7
"""One file in so many goes on to become work orders; the others end as raw tables."""
MEMORY = 3 << 30


class Hang(BaseException):
    """Not an ``Exception``: nothing on the way may swallow it."""


def _alarm(_signal: int, _frame: object) -> None:
    raise Hang


def chunk(first: int) -> tuple[Counter[tuple[str, str]], list[str], float]:
    """Outcomes by (format, outcome), failures, and the seconds of the slowest file."""
    signal.signal(signal.SIGALRM, _alarm)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcomes: Counter[tuple[str, str]] = Counter()
    failures: list[str] = []
    slowest = 0.0
    for seed in range(first, first + CHUNK):
        kind, data = damaged(seed)
        CURRENT.with_name(f"{CURRENT.name}-{os.getpid()}").write_text(f"{seed} {kind}")
        started = time.perf_counter()
        signal.alarm(HANG_SECONDS)
        try:
            outcome = judge(data, normalise=seed % NORMALISED == 0)
        except Hang:
            outcome = "hang"
        except Exception as error:  # whatever it is: it is what the run is looking for
            outcome = "failure"
            failures.append(f"seed {seed} ({kind}): {type(error).__name__}: {str(error)[:150]}")
        finally:
            signal.alarm(0)
        outcomes[kind, outcome] += 1
        slowest = max(slowest, time.perf_counter() - started)
    return outcomes, failures, slowest


def main(files: int, first: int = 0) -> int:
    outcomes: Counter[tuple[str, str]] = Counter()
    worst, failed = 0.0, 0
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for found, failures, slowest in pool.map(chunk, range(first, first + files, CHUNK)):
            outcomes += found
            worst = max(worst, slowest)
            print(f"\r{outcomes.total()} files", end="", file=sys.stderr, flush=True)
            failed += len(failures)
            for failure in failures:
                print(failure, flush=True)
    for kind in sorted({kind for kind, _ in outcomes}):
        print(f"{kind:14}", "  ".join(f"{o} {n:6d}" for (k, o), n in sorted(outcomes.items()) if k == kind))
    hangs = sum(n for (_, outcome), n in outcomes.items() if outcome == "hang")
    print(f"{outcomes.total()} files, {failed} failures, {hangs} hangs, slowest file {worst:.2f} s")
    return 1 if failed or hangs else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
