"""A writer killed at any step leaves a readable store, and the next import completes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from hotline_tools.engine import Engine
from hotline_tools.pipeline.importing import import_tables
from hotline_tools.pipeline.reading import Reading, matched_tables
from hotline_tools.store import Store

BEFORE = "工单编号,受理时间,诉求标题\nA1,2025-06-30 10:00:00,路灯不亮\nA2,2025-05-01 10:00:00,积水\n"
AFTER = "工单编号,受理时间,诉求标题\nA1,2025-07-01 10:00:00,路灯不亮\nA3,2025-06-02 10:00:00,井盖\n"
OLD = [("A1", "2025-06"), ("A2", "2025-05")]
NEW = [("A1", "2025-07"), ("A2", "2025-05"), ("A3", "2025-06")]
CHILD = """
import os, sys
from pathlib import Path
step = int(sys.argv[3])
taken = 0
def dying(function):
    def call(*args, **kwargs):
        global taken
        taken += 1
        if taken == step:
            os._exit(9)
        return function(*args, **kwargs)
    return call
os.fsync = dying(os.fsync)
os.replace, os.rename, os.unlink = dying(os.replace), dying(os.rename), dying(os.unlink)
from hotline_tools.pipeline.importing import import_tables
from hotline_tools.pipeline.reading import Reading, matched_tables
from hotline_tools.store import Store
import_tables(matched_tables([Path(sys.argv[1])], Reading()), Store.open(Path(sys.argv[2])))
"""


def bring_in(path: Path, store: Store) -> dict[str, int]:
    return import_tables(matched_tables([path], Reading()), store).totals()


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
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(after), str(store.path), str(step)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 9), done.stderr
    return store, done.returncode == 9


@pytest.mark.parametrize("step", [3, 5, 6, 7, 8, 10, 12, 14])
def test_killed_at_any_step(step: int, tmp_path: Path) -> None:
    store, died = killed_at(step, tmp_path / "case")
    assert died, "this step is never reached: take it from the list"
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
