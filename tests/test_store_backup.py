"""Backups that are whole or not there, stores made of them again, and orders deleted for good."""

import json
import shutil
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest

from cli import hotline
from dying import contents, died, steps_of
from hotline_tools.engine import Engine
from hotline_tools.errors import StoreError, UsageError
from hotline_tools.jobs.issue_review import join
from hotline_tools.jobs.issue_tables import load_decisions, load_issues
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.library import classify, import_files
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,来电人电话\n"
SECRET = "老槐树下的石狮子"
"""Words that only the order which is to go has."""
FIRST = [
    f"GD001,2025-01-06 09:00:00,碧水嘉园电梯坏了,碧水嘉园电梯坏了半个月没人修{SECRET},碧水嘉园,13811110001",
    "GD002,2025-02-06 09:00:00,碧水嘉园电梯坏了,碧水嘉园电梯坏了半个月没人修,碧水嘉园,13811110002",
    "GD003,2025-02-07 09:00:00,碧水嘉园电梯故障,碧水嘉园电梯故障半个月没人修,碧水嘉园,13811110002",
    f"GD001,{SECRET}",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    store = Store.open(folder / "hotline-store", create=True)
    for text in (FIRST, [line.replace("坏了,", "坏了又坏,") for line in FIRST]):
        (folder / "导出.csv").write_text(HEADER + "\n".join(text), encoding="utf-8")
        import_files(store, [folder / "导出.csv"])
    classify(store)
    find_repeats(store, workers=1)
    return store.path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    shutil.copytree(made, tmp_path / "hotline-store")
    return Store.open(tmp_path / "hotline-store")


def key_of(store: Store, order_id: str, column: str = "order_key") -> str:
    with Engine(store) as engine:
        found = engine.query(f"SELECT {column} AS k FROM orders WHERE order_id = $id", {"id": order_id})
    return str(found.to_pylist()[0]["k"])


def text_of(store: Store) -> str:
    """Every table and file of the store as text."""
    files = [path for path in store.path.rglob("*") if path.is_file() and path.suffix != ".parquet"]
    texts = [path.read_text(encoding="utf-8") for path in files if not path.name.startswith(".")]
    return str(contents(store)) + "".join(texts) + str([p.read_bytes() for p in store.path.glob("undo/*")])


@pytest.mark.parametrize("name", ["备份", "备份.zip"])
def test_a_backup_is_the_store_again(name: str, store: Store, tmp_path: Path) -> None:
    ran = hotline("store", "backup", tmp_path / name, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) in (0o600, 0o700)
    ran = hotline("--store", "新库", "store", "restore", tmp_path / name, cwd=tmp_path)
    assert ran.code == 0, ran.err
    again = Store.open(tmp_path / "新库")
    assert contents(again) == contents(store)
    assert again.verify() == []
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["hotline-store", name, "新库"])
    with pytest.raises(UsageError, match="已存在"):
        store.back_up(tmp_path / name)
    with pytest.raises(UsageError, match="不是空目录"):
        Store.restore(tmp_path / name, store.path)


def test_a_damaged_file_is_not_backed_up_or_restored(store: Store, tmp_path: Path) -> None:
    store.back_up(tmp_path / "备份")
    for folder in (store.path, tmp_path / "备份"):
        path = folder / "orders/month=2025-01/orders.parquet"
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(StoreError, match="文件损坏"):
        store.back_up(tmp_path / "又一份.zip")
    with pytest.raises(StoreError, match="文件损坏"):
        Store.restore(tmp_path / "备份", tmp_path / "新库")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hotline-store", "备份"]


def test_a_crafted_backup_writes_nothing_outside(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../../outside.txt", "x")
        archive.writestr("manifest.jsonl", "x")
    with pytest.raises(StoreError):
        Store.restore(tmp_path / "b.zip", tmp_path / "deep" / "新库")
    assert [p.name for p in tmp_path.rglob("*")] == ["b.zip"]


def back_up(store: Path, target: Path) -> None:
    Store.open(store).back_up(target)


def test_a_killed_backup_leaves_none_that_looks_whole(store: Store, tmp_path: Path) -> None:
    steps = steps_of(back_up, tmp_path, store.path, tmp_path / "undisturbed")
    for step in [*range(5, steps - 4, 12), *range(steps - 4, steps + 1)]:
        target = tmp_path / f"b{step}"
        assert died(back_up, step, tmp_path, store.path, target)
        if target.exists():
            assert Store.restore(target, tmp_path / f"n{step}").verify() == []
        assert Store.open(store.path).verify() == []
        again = target if not target.exists() else tmp_path / f"c{step}"
        back_up(store.path, again)  # what the dead one left is not in the way
        assert (
            Store.open(again).verify() == [] if again.is_dir() else zipfile.ZipFile(again).testzip() is None
        )
        assert list(tmp_path.glob("*.partial")) == []


def test_forgetting_an_order_leaves_nothing_of_it(store: Store, tmp_path: Path) -> None:
    join(store, load_issues(store)["issue_id"].to_pylist() * 2) if load_issues(store).num_rows > 1 else None
    key = key_of(store, "GD001")
    assert SECRET in text_of(store)
    store.back_up(tmp_path / "备份")
    ran = hotline("store", "forget", "--order", "GD001", "--yes", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert str(tmp_path / "备份") in ran.out
    for word in (SECRET, key, "GD001"):
        assert word not in text_of(store)
    assert store.verify() == []
    assert all(key not in one.orders for one in load_decisions(store))
    find_repeats(store, workers=1)
    assert load_issues(store)["orders"].to_pylist() == [2]
    log = [json.loads(line) for line in (store.path / "forgotten.jsonl").read_text("utf-8").splitlines()]
    assert [(one["by"], one["orders"]) for one in log] == [("order", 1)]


@pytest.mark.parametrize(
    ("what", "left"),
    [("caller", ["GD001"]), ("before", ["GD002", "GD003"]), ("nobody", ["GD001", "GD002", "GD003"])],
)
def test_what_is_forgotten(what: str, left: list[str], store: Store) -> None:
    caller = key_of(store, "GD002", "caller_key")
    result = {
        "caller": lambda: store.forget(caller=caller),
        "before": lambda: store.forget(before=date(2025, 2, 1)),
        "nobody": lambda: store.forget(order="GD9"),
    }[what]()
    assert result.orders == 3 - len(left)
    with Engine(store) as engine:
        found = engine.query("SELECT order_id FROM orders ORDER BY 1")["order_id"].to_pylist()
    assert found == left
    assert store.verify() == []
    assert caller not in (store.path / "manifest.jsonl").read_text("utf-8")


@pytest.mark.parametrize("options", [[], ["--order", "A", "--before", "2020-01-01"], ["--before", "去年"]])
def test_what_is_to_go_must_be_clear(options: list[str], store: Store, tmp_path: Path) -> None:
    before = contents(store)
    assert hotline("store", "forget", *options, "--yes", cwd=tmp_path).code == 2
    assert hotline("store", "forget", "--order", "GD001", cwd=tmp_path).code == 2
    assert contents(store) == before


def test_an_order_that_is_not_there_cannot_be_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("工单编号,受理时间,诉求内容\nA1,2025-06-01,路灯不亮\n", encoding="utf-8")
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    ran = hotline("store", "forget", "--order", "A2", "--yes", cwd=tmp_path)
    assert ran.code == 2
    assert "没有 A2 的工单" in ran.err
    assert hotline("store", "forget", "--order", "A1", "--yes", cwd=tmp_path).code == 0
