"""Work in a process of its own that leaves, as kill -9 would, at the n-th operation on files."""

import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hotline_tools.store import Store

PROCESSES = multiprocessing.get_context("forkserver")
"""Children start from a server that has imported everything, and has no thread yet."""
PROCESSES.set_forkserver_preload(
    [
        *(f"hotline_tools.jobs.{name}" for name in ("importing", "opening", "tagging", "repeats", "run")),
        "pyarrow.dataset",
        "rjieba",
    ]
)
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.chmod"}
_WRITING = os.O_WRONLY | os.O_RDWR


def die_at(step: int, below: Path) -> Callable[[], int]:
    """Leave the process before the ``step``-th operation that changes names or files under ``below``.

    Returns a function that tells how many there have been. Counted are fsync and what Python
    announces: opening to write, renaming, removing, making folders.
    """
    taken = 0
    root = str(below)

    def count() -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os._exit(9)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            changes = isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        else:
            changes = event in _CHANGES
        if changes and str(arguments[0]).startswith(root):
            count()

    sync = os.fsync

    def counted_sync(descriptor: int) -> None:
        count()
        sync(descriptor)

    os.fsync = counted_sync
    sys.addaudithook(watch)
    return lambda: taken


def died(work: Callable[..., object], step: int, below: Path, *arguments: object) -> bool:
    """Do ``work`` in a process that leaves at ``step``; say whether it did."""
    child = PROCESSES.Process(target=_doomed, args=(work, step, below, *arguments))
    child.start()
    child.join()
    code = child.exitcode
    child.close()
    assert code in (0, 9), f"the work failed by itself: {code}"
    return code == 9


def steps_of(work: Callable[..., object], below: Path, *arguments: object) -> int:
    """Do ``work`` in a process of its own; return how many operations it takes."""
    taken = PROCESSES.Value("i", 0)
    child = PROCESSES.Process(target=_counted, args=(taken, work, below, *arguments))
    child.start()
    child.join()
    assert child.exitcode == 0
    return int(taken.value)


def _doomed(work: Callable[..., object], step: int, below: Path, *arguments: object) -> None:
    die_at(step, below)
    work(*arguments)


def _counted(taken: Any, work: Callable[..., object], below: Path, *arguments: object) -> None:
    count = die_at(0, below)
    work(*arguments)
    taken.value = count()


def left_over(store: Path) -> list[str]:
    """Return the files that only a commit under way may have."""
    return [p.name for p in store.rglob("*") if p.name.endswith(".new") or p.name == "commit.json"]


def contents(store: Store) -> dict[str, Any]:
    """Return the rows of every table and the import log, without what differs from run to run."""
    ids = {name: f"import {number}" for number, name in enumerate(sorted(store.import_ids()))}
    files = [*store.order_files(), *store.reject_files(), *store.label_files().values()]
    found: dict[str, Any] = {}
    for path in [*files, *store.issue_files().values()]:
        rows = pq.read_table(path, partitioning=None).to_pylist()
        for row in rows:
            for moment in ("changed_at", "decided_at"):
                row.pop(moment, None)
            if "import_id" in row:
                row["import_id"] = ids[row["import_id"]]
        if "labels" in path.parts:  # in the order in which they were given, which a rerun may change
            rows.sort(key=lambda row: str(row["order_key"]))
        name = path.name.removesuffix(".new")
        found[name if name != "orders.parquet" else path.parent.name] = rows
    for path in store.import_files():
        record = json.loads(path.read_text(encoding="utf-8"))
        found[ids[record["import_id"]]] = (record["counts"], record["undone_at"] is not None)
    return found
