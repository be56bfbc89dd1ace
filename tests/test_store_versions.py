"""Stores of other versions: an older one reads and takes imports, a newer one is told and not overwritten.

``fixtures/store-v1`` was written by version 0.1.0 with ``python tests/fixtures/make_store.py``.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cli import hotline
from hotline_tools.engine import Engine
from hotline_tools.errors import StoreError
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.schema import LABELS, SCHEMA_VERSION
from hotline_tools.store import Store, StoreFiles, version
from hotline_tools.store.files import NEW
from hotline_tools.store.journal import Commit

FIXTURES = Path(__file__).parent / "fixtures"
SAME = "工单编号,受理时间,诉求标题,诉求类型,工单状态,满意度,主办单位,所属街道"
LATER = f"""{SAME},走访次数
B2,2025-06-20 11:30:00,小区积水,投诉,已办结,满意,乙局,乙街道,3
B6,2025-08-01 08:00:00,井盖丢失,求助,办理中,,甲局,甲街道,1
"""


@pytest.fixture
def old(tmp_path: Path) -> Store:
    shutil.copytree(FIXTURES / "store-v1", tmp_path / "store")
    return Store.open(tmp_path / "store")


def bring_in(text: str, store: Store) -> dict[str, int]:
    path = store.path.parent / "导出.csv"
    path.write_text(text, encoding="utf-8")
    return import_tables(matched_tables([path], OpenOptions()), store).totals()


def ids(store: Store) -> list[str]:
    with Engine(store) as engine:
        return engine.query("SELECT order_id FROM orders ORDER BY 1")["order_id"].to_pylist()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a version with a column more in each table says of the old store, before and after an import."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(FIXTURES / "store-v1", folder / "store")
    (folder / "later.csv").write_text(LATER, encoding="utf-8")
    command = [sys.executable, FIXTURES / "later_version.py", folder / "store", folder / "later.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_column_that_was_added_reads_as_null(told: dict[str, Any]) -> None:
    assert told["before"] == {
        "orders": [
            ["B1", None, "市政设施", "person"], ["B2", None, "城市管理", "model"],
            ["B3", None, "城市管理", "model"], ["B4", None, "城市管理", "model"],
        ],
        "labels": [["城市管理", None]] * 3 + [["市政设施", None]],
        "rejects": [[6, None]],
        "departments": [["乙局", 2], ["甲局", 2]],
        "batches": [None] * 4,
        "problems": [],
    }  # fmt: skip


def test_an_import_fills_it_and_leaves_the_other_months_alone(told: dict[str, Any]) -> None:
    assert (told["totals"]["new"], told["totals"]["updated"], told["totals"]["read"]) == (1, 1, 2)
    assert told["after"] == {
        "orders": [
            ["B1", None, "市政设施", "person"], ["B2", 3, "排水", "model"],
            ["B3", None, "城市管理", "model"], ["B4", None, "城市管理", "model"],
            ["B6", 1, None, None],
        ],
        "labels": [["城市管理", None]] * 2 + [["市政设施", None], ["排水", "急"]],
        "rejects": [[6, None]],
        "departments": [["乙局", 2], ["甲局", 3]],
        "batches": [None, 3, None, 1, None],
        "problems": [],
    }  # fmt: skip


def add_column(path: Path) -> None:
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.append_column("visits", pa.array([7] * table.num_rows, pa.int64())), path)


def test_a_column_of_a_newer_version_is_told_and_not_overwritten(old: Store, tmp_path: Path) -> None:
    path = next(path for path in old.order_files() if "2025-06" in str(path))
    add_column(path)
    assert ids(old) == ["B1", "B2", "B3", "B4"]
    assert old.info().unknown_columns == ("visits",)
    assert old.verify() == [f"{path}：有本版本不认识的列：visits；请升级 hotline-tools"]
    assert "visits" in hotline("--store", old.path, "store", "info", cwd=tmp_path).out
    with pytest.raises(StoreError, match=r"visits.*请升级"):
        bring_in(LATER, old)
    assert pq.read_table(path, partitioning=None)["visits"].to_pylist() == [7, 7]


def test_a_newer_label_column_is_not_overwritten(old: Store) -> None:
    path = old.label_files()["model"]
    add_column(path)
    with pytest.raises(StoreError, match=r"visits.*请升级"):
        old.write_labels([LABELS.empty_table()])
    assert "visits" in pq.read_schema(path).names


def test_the_record_of_a_newer_version_is_read(old: Store) -> None:
    (path,) = (old.path / "imports").glob("*.json")
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"mood": "急"}), encoding="utf-8"
    )
    assert [record.counts.new for record in old.records()] == [4]


def shout(files: StoreFiles) -> Commit:
    """A made-up migration: titles are in capitals from now on."""
    names = []
    for path in sorted(files.folder("orders").glob("month=*/*.parquet")):
        table = pq.read_table(path, partitioning=None)
        titles = pc.binary_join_element_wise(table["title"], "！", "")
        at = table.column_names.index("title")
        pq.write_table(table.set_column(at, table.schema.field("title"), titles), f"{path}{NEW}")
        names.append(path.relative_to(files.root).as_posix())
    return Commit(replace=names)


def test_a_migration_runs_once_before_the_first_write(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def titles() -> list[str]:
        with Engine(old) as engine:
            found = engine.query("SELECT title FROM stored_orders WHERE order_id IN ('B1', 'B2') ORDER BY 1")
        return found["title"].to_pylist()

    monkeypatch.setattr(version, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr(version, "MIGRATIONS", {**version.MIGRATIONS, SCHEMA_VERSION: shout})
    assert titles() == ["小区积水", "路灯不亮"]
    for _ in range(2):
        old.write_labels([LABELS.empty_table()])
        assert titles() == ["小区积水！", "路灯不亮！"]
        assert json.loads(old.files.marker.read_text(encoding="utf-8"))["schema"] == SCHEMA_VERSION + 1
    assert old.verify() == []
    monkeypatch.undo()
    with pytest.raises(StoreError, match="由更新的版本写成"):
        Store.open(old.path)


def test_every_version_before_this_one_has_its_migration() -> None:
    assert set(version.MIGRATIONS) == set(range(1, SCHEMA_VERSION))
