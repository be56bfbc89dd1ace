"""A writer killed at any step leaves a readable store, and the next import completes it."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline_tools.engine import Engine
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.store import Store

BEFORE = "工单编号,受理时间,诉求标题\nA1,2025-06-30 10:00:00,路灯不亮\nA2,2025-05-01 10:00:00,积水\n"
AFTER = "工单编号,受理时间,诉求标题\nA1,2025-07-01 10:00:00,路灯不亮\nA3,2025-06-02 10:00:00,井盖\n"
OLD = [("A1", "2025-06"), ("A2", "2025-05")]
NEW = [("A1", "2025-07"), ("A2", "2025-05"), ("A3", "2025-06")]
PROCESSES = multiprocessing.get_context("forkserver")
"""Children start from a server that has imported everything, and has no thread yet."""
PROCESSES.set_forkserver_preload(["hotline_tools.jobs.importing", "hotline_tools.jobs.opening"])


def import_and_die(path: Path, store: Path, step: int) -> None:
    """Import ``path``, but leave the process at the ``step``-th call that changes names or syncs."""
    die_at(step)
    bring_in(path, Store.open(store))


def undo_and_die(import_id: str, store: Path, step: int) -> None:
    """Undo an import, but leave the process at the ``step``-th call that changes names or syncs."""
    die_at(step)
    Store.open(store).undo(import_id)


def die_at(step: int) -> None:
    taken = 0

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                os._exit(9)
            return function(*args, **kwargs)

        return call

    for name in ("fsync", "replace", "rename", "unlink"):
        setattr(os, name, dying(getattr(os, name)))


def bring_in(path: Path, store: Store) -> dict[str, int]:
    return import_tables(matched_tables([path], OpenOptions()), store).totals()


def content(store: Store) -> list[tuple[str, str]]:
    with Engine(store) as engine:
        table = engine.query("SELECT order_id, strftime(received_at, '%Y-%m') AS m FROM orders ORDER BY 1, 2")
    return [(row["order_id"], row["m"]) for row in table.to_pylist()]


def killed_at(step: int, folder: Path) -> tuple[Store, bool]:
    """Import BEFORE, then AFTER in a process that dies at ``step``; say whether it did."""
    folder.mkdir()
    before, after = folder / "before.csv", folder / "after.csv"
    before.write_text(BEFORE, encoding="utf-8")
    after.write_text(AFTER, encoding="utf-8")
    store = Store.open(folder / "store", create=True)
    bring_in(before, store)
    return store, died(import_and_die, after, store.path, step)


def died(work: Callable[..., None], *args: object) -> bool:
    """Run ``work`` in a process of its own; say whether it died on the way."""
    child = PROCESSES.Process(target=work, args=args)
    child.start()
    child.join()
    code = child.exitcode
    child.close()
    assert code in (0, 9)
    return code == 9


@pytest.mark.parametrize("step", [3, 5, 6, 7, 8, 10, 12, 14])
def test_killed_at_any_step(step: int, tmp_path: Path) -> None:
    store, was_killed = killed_at(step, tmp_path / "case")
    assert was_killed, "this step is never reached: take it from the list"
    assert content(store) in (OLD, NEW)
    totals = bring_in(tmp_path / "case" / "after.csv", store)
    assert totals["read"] == 2
    assert totals["new"] + totals["updated"] + totals["unchanged"] == 2
    assert content(store) == NEW
    assert store.verify() == []
    assert bring_in(tmp_path / "case" / "after.csv", store)["unchanged"] == 2
    left = [p.name for p in store.path.rglob("*") if p.name.endswith(".new") or p.name == "commit.json"]
    assert left == []


def test_both_outcomes_occur(tmp_path: Path) -> None:
    assert content(killed_at(1, tmp_path / "early")[0]) == OLD
    assert content(killed_at(9, tmp_path / "late")[0]) == NEW


@pytest.mark.parametrize("step", [1, 2, 4, 6, 8, 9, 10, 12, 14])
def test_undo_killed_at_any_step(step: int, tmp_path: Path) -> None:
    store, _ = killed_at(10_000, tmp_path / "case")
    import_id = store.records()[-1].import_id
    assert died(undo_and_die, import_id, store.path, step), (
        "this step is never reached: take it from the list"
    )
    assert content(store) in (OLD, NEW)
    if content(store) == NEW:
        assert store.records()[-1].undone_at is None
        store.undo(import_id)
    assert content(store) == OLD
    assert store.records()[-1].undone_at is not None
    assert store.verify() == []
    assert bring_in(tmp_path / "case" / "after.csv", store)["new"] == 1
    assert content(store) == NEW
    left = [p.name for p in store.path.rglob("*") if p.name.endswith(".new") or p.name == "commit.json"]
    assert left == []


def test_both_outcomes_of_an_undo_occur(tmp_path: Path) -> None:
    outcomes = {}
    for step in (1, 12):
        store, _ = killed_at(10_000, tmp_path / str(step))
        assert died(undo_and_die, store.records()[-1].import_id, store.path, step)
        outcomes[step] = content(store)
    assert outcomes == {1: NEW, 12: OLD}
