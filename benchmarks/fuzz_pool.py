"""Run a judgement of damaged files in two processes, each file watched for time and memory."""

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

CURRENT = Path(tempfile.gettempdir()) / "hotline-fuzz"
"""Which file each process is at: one that kills its process cannot tell."""
HANG_SECONDS = 20
CHUNK = 200
MEMORY = 3 << 30
"""Addresses a process may have: what it loads takes two of them."""
PEAK = 1 << 30
"""Bytes a process may take: more is a failure of the file at which it happens."""
Judge = Callable[[int], tuple[str, str]]
"""Seed → format and outcome of a file; raises whatever should not happen."""


class Hang(BaseException):
    """Not an ``Exception``: nothing on the way may swallow it."""


def _alarm(_signal: int, _frame: object) -> None:
    raise Hang


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _place(error: BaseException) -> str:
    """The line of the toolkit that the error went through last."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "hotline_tools" in f.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno} " if frames else ""


def chunk(judge: Judge, first: int) -> tuple[Counter[tuple[str, str]], list[str], float]:
    """Outcomes by (format, outcome), failures, and the seconds of the slowest file."""
    signal.signal(signal.SIGALRM, _alarm)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcomes: Counter[tuple[str, str]] = Counter()
    failures: list[str] = []
    slowest = 0.0
    for seed in range(first, first + CHUNK):
        CURRENT.with_name(f"{CURRENT.name}-{os.getpid()}").write_text(str(seed))
        started, before = time.perf_counter(), _peak()
        kind = "?"
        signal.alarm(HANG_SECONDS)
        try:
            kind, outcome = judge(seed)
            assert _peak() == before or _peak() < PEAK, f"{_peak() >> 20} MB"
        except Hang:
            outcome = "hang"
            failures.append(f"seed {seed}: more than {HANG_SECONDS} s")
        except Exception as error:  # whatever it is: it is what the run is looking for
            outcome = "failure"
            failures.append(f"seed {seed}: {_place(error)}{type(error).__name__}: {str(error)[:150]}")
        finally:
            signal.alarm(0)
        outcomes[kind, outcome] += 1
        slowest = max(slowest, time.perf_counter() - started)
    return outcomes, failures, slowest


def run(judge: Judge, number: int, first: int = 0) -> int:
    """Judge ``number`` files from seed ``first``; print outcomes and failures, return the exit code."""
    outcomes: Counter[tuple[str, str]] = Counter()
    worst, failed = 0.0, 0
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for found, failures, slowest in pool.map(partial(chunk, judge), range(first, first + number, CHUNK)):
            outcomes += found
            worst = max(worst, slowest)
            print(f"\r{outcomes.total()} files", end="", file=sys.stderr, flush=True)
            failed += len(failures)
            for failure in failures:
                print(failure, flush=True)
    for kind in sorted({kind for kind, _ in outcomes}):
        print(f"{kind:14}", "  ".join(f"{o} {n:6d}" for (k, o), n in sorted(outcomes.items()) if k == kind))
    print(f"{outcomes.total()} files, {failed} failures or hangs, slowest file {worst:.2f} s")
    return 1 if failed else 0
