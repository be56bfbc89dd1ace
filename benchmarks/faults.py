"""Kill commands at every operation on files and at random moments: nothing is lost, nothing doubled.

    python benchmarks/faults.py [RANDOM_KILLS] [SEED] [--only COMMAND…]

Each command runs in a copy of a store, is killed, and runs again. Asked after each kill: the store opens,
``verify`` finds nothing, and after the rerun the content is that of an undisturbed run. Two
cases are worked on at a time, in processes that come from one that has imported everything. Then: a disk that
takes no more bytes, a store that cannot be written, and readers beside writers. Prints one line for each
case, and every failure; ends with code 1 when there was one.
"""

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from dying import PROCESSES, contents, died, left_over, steps_of
from fault_cases import (
    backup,
    classify_store,
    import_second,
    join_issues,
    make_base,
    repeats,
    results,
    run,
    undo,
)
from hotline_tools.engine import Engine
from hotline_tools.errors import HotlineError
from hotline_tools.store import Store

COMMANDS: dict[str, Callable[[Path], object]] = {
    "import": import_second,
    "undo": undo,
    "classify": classify_store,
    "repeats": repeats,
    "review": join_issues,
    "run": run,
    "backup": backup,
}
SIDE_BY_SIDE = 2
READERS, WRITERS, SECONDS = 10, 2, 20
SIZES = (0, 1_000, 4_000, 20_000, 100_000)
"""Bytes that a file may have on the disk that is full."""


def main(kills: int, seed: int, only: list[str]) -> int:
    """Run all cases of the commands ``only``, or of all; return how many failed."""
    failures = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = name  # the keys of the callers go with the stores
        base = make_base(folder)
        with ProcessPoolExecutor(SIDE_BY_SIDE, PROCESSES) as pool:
            for command in only or COMMANDS:
                failures += command_fails(command, kills // len(COMMANDS) + 1, seed, base, pool)
        if not only:
            failures += beside_each_other(base)
    return failures


def command_fails(command: str, kills: int, seed: int, base: Path, pool: ProcessPoolExecutor) -> int:
    """Run all cases of one command; return how many failed."""
    work = COMMANDS[command]
    expected, steps, seconds = undisturbed(work, base)
    chance = random.Random(f"{seed} {command}")
    moments = [chance.uniform(0, seconds) for _ in range(kills)]
    failures = 0
    for what, case, places in (
        ("killed at each of {} operations", at_step, range(1, steps + 1)),
        ("killed at {} random moments", at_moment, moments),
        ("disk full at {} sizes", on_full_disk, SIZES),
    ):
        done = [pool.submit(case, work, place, base, expected) for place in places]
        failed = sum(not future.result() for future in done)
        print(f"{command}: {what.format(len(done))}, {failed} failed", flush=True)
        failures += failed
    return failures


def undisturbed(work: Callable[[Path], object], base: Path) -> tuple[object, int, float]:
    """Return the content after a run that nobody disturbs, its operations and its seconds."""
    store = copied(base)
    steps = steps_of(work, store.parent, store)
    expected = state_of(store)
    fresh = copied(base)
    started = time.perf_counter()
    child = PROCESSES.Process(target=work, args=(fresh,))
    child.start()
    child.join()
    return expected, steps, time.perf_counter() - started


def copied(base: Path) -> Path:
    """Copy the store to work in; what the last case of this process left goes."""
    folder = base.parent / f"work-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder / "store")
    return folder / "store"


def state_of(store: Path) -> dict[str, object]:
    """Return the content of the store and of what lies beside it."""
    return contents(Store.open(store)) | results(store)


def at_step(work: Callable[[Path], object], step: int, base: Path, expected: object) -> bool:
    """Kill the work before one operation on files; say whether all is well."""
    store = copied(base)
    if not died(work, step, store.parent, store):
        print(f"FAILED {work.__name__}: operation {step} is never reached", flush=True)
        return False
    return is_well(work, store, expected, f"{work.__name__} at operation {step}")


def at_moment(work: Callable[[Path], object], moment: float, base: Path, expected: object) -> bool:
    """Kill the work after so many seconds by signal 9; say whether all is well."""
    store = copied(base)
    child = PROCESSES.Process(target=work, args=(store,))
    child.start()
    child.join(moment)
    if child.is_alive() and child.pid is not None:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return is_well(work, store, expected, f"{work.__name__} after {moment:.3f} s")


def on_full_disk(work: Callable[[Path], object], size: int, base: Path, expected: object) -> bool:
    """Let no file grow beyond ``size``; the command ends with one line, and nothing is lost."""
    store = copied(base)
    before = state_of(store)
    child = PROCESSES.Process(target=limited, args=(work, size, store))
    child.start()
    child.join()
    if child.exitcode not in (0, 3):
        print(f"FAILED {work.__name__} with files up to {size} bytes: ended with {child.exitcode}")
        return False
    if work is not run and state_of(store) not in (before, expected):  # a run is made of several commits
        print(f"FAILED {work.__name__} with files up to {size} bytes: neither as before nor as after")
        return False
    return is_well(work, store, expected, f"{work.__name__} with files up to {size} bytes")


def limited(work: Callable[[Path], object], size: int, store: Path) -> None:
    """Do the work where files cannot grow; 3: it said so in one line."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        work(store)
    except (HotlineError, OSError) as error:
        os._exit(3 if "\n" not in str(error) else 4)


def is_well(work: Callable[[Path], object], store: Path, expected: object, what: str) -> bool:
    """Whether the store opens and is whole, and the rerun brings what an undisturbed run brings."""
    try:
        problems = Store.open(store).verify()
        work(store)
        with Store.open(store).issue_tables():
            pass  # whoever writes next finishes what is pending
        problems += [*left_over(store), *Store.open(store).verify()]
        if state_of(store) != expected:
            problems.append("another content than that of an undisturbed run")
    except Exception as error:  # the harness tells every failure and goes on
        problems = [repr(error)]
    if problems:
        print(f"FAILED {what}: {problems}", flush=True)
    return not problems


def beside_each_other(base: Path) -> int:
    """Two writers and ten readers on one store: no reader fails, no order is lost or doubled."""
    store = copied(base)
    with Engine(Store.open(store)) as engine:
        orders = engine.query("SELECT count(*) AS n FROM orders")["n"][0].as_py()
    until = time.time() + SECONDS
    children = [PROCESSES.Process(target=write_on, args=(store, until)) for _ in range(WRITERS)]
    children += [PROCESSES.Process(target=read_on, args=(store, until, orders)) for _ in range(READERS)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    failed = sum(child.exitcode != 0 for child in children) + bool(Store.open(store).verify())
    print(f"{WRITERS} writers and {READERS} readers for {SECONDS} s: {failed} failed", flush=True)
    return failed


def write_on(store: Path, until: float) -> None:
    """Import and take back, again and again."""
    while time.time() < until:
        import_second(store)
        with contextlib.suppress(HotlineError):  # the other writer may have taken it back already
            undo(store)


def read_on(store: Path, until: float, orders: int) -> None:
    """Count the orders again and again: as many as before the import or as after it."""
    while time.time() < until:
        with Engine(Store.open(store)) as engine:
            found = engine.query(
                "SELECT count(*) AS n, count(DISTINCT order_key) AS d FROM orders"
            ).to_pylist()
        assert found[0]["n"] == found[0]["d"] >= orders, found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("seed", nargs="?", type=int, default=14)
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=[])
    given = parser.parse_args()
    sys.exit(min(1, main(given.kills, given.seed, given.only)))
