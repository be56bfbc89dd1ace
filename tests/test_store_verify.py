"""What verify notices, what every command says of a damaged store, and how work goes on without the file."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import hotline
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.library import classify, import_files
from hotline_tools.schema import LABELS
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,来电人电话\n"
LIFT = "电梯坏了半个月没人修，老人上下楼困难"
JANUARY = f"{HEADER}A1,2025-01-06 09:00:00,碧水嘉园电梯,碧水嘉园{LIFT},碧水嘉园,13811110001\n"
BOTH = f"{JANUARY}A2,2025-02-06 09:00:00,碧水嘉园电梯,碧水嘉园{LIFT},碧水嘉园,13811110002\nA3,2025-02-07\n"
DECEMBER = f"{HEADER}A4,2025-12-06 09:00:00,路灯不亮,路灯不亮,,13811110003\n"
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with every kind of file: orders, rejects, records, undo, labels, issues, topics."""
    folder = tmp_path_factory.mktemp("made")
    store = Store.open(folder / "hotline-store", create=True)
    for text in (JANUARY, BOTH, BOTH.replace("半个月", "一个月")):
        (folder / "导出.csv").write_text(text, encoding="utf-8")
        import_files(store, [folder / "导出.csv"])
    classify(store)
    find_repeats(store, workers=1)
    assert hotline("topics", "open", "乱停乱放", "--community", "甲社区", cwd=folder).code == 0
    return store.path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    shutil.copytree(made, tmp_path / "hotline-store")
    return Store.open(tmp_path / "hotline-store")


def files_of(store: Store) -> list[Path]:
    return sorted(p for p in store.path.rglob("*") if p.is_file() and p.name != ".lock")


def test_the_sample_has_every_kind_of_file(store: Store) -> None:
    kinds = {path.relative_to(store.path).parts[0] for path in files_of(store)}
    assert kinds == {
        "orders", "imports", "undo", "rejects", "labels", "issues", "store.json", "manifest.jsonl",
        "topics.jsonl", "caller-key.json",
    }  # fmt: skip
    assert store.verify() == []
    assert store.warnings() == []


def test_a_flipped_bit_anywhere_is_noticed(store: Store) -> None:
    chance = random.Random(14)
    files = files_of(store)
    for number in range(120):
        path = files[number % len(files)]
        before = path.read_bytes()
        place = chance.randrange(len(before))
        path.write_bytes(
            before[:place] + bytes([before[place] ^ 1 << chance.randrange(8)]) + before[place + 1 :]
        )
        ran = hotline("store", "verify", cwd=store.path.parent)
        assert ran.code == 1, f"{path.name}, byte {place} of {len(before)}"
        assert path.name in ran.out + ran.err
        assert "程序内部错误" not in ran.err
        path.write_bytes(before)
    assert store.verify() == []


@pytest.mark.parametrize(
    ("harm", "named", "said"),
    [
        (lambda s: shutil.rmtree(s / "orders/month=2025-01"), "orders/month=2025-01", "文件不见了（1 行）"),
        (lambda s: (s / "topics.jsonl").unlink(), "topics.jsonl", "文件不见了"),
        (lambda s: (s / "manifest.jsonl").unlink(), "manifest.jsonl", "清单不见了"),
        (lambda s: (s / "orders/month=2025-01/b.parquet").touch(), "b.parquet", "不是工单库的文件"),
        (lambda s: (s / "笔记.txt").write_text("记"), "笔记.txt", "不是工单库的文件"),
        (
            lambda s: shutil.copy(
                s / "orders/month=2025-01/orders.parquet", s / "orders/month=2025-02/orders.parquet"
            ),
            "month=2025-02",
            "内容与清单不符",
        ),
    ],
    ids=["no month", "no topics", "no manifest", "a foreign partition", "a note", "another month's orders"],
)  # fmt: skip
def test_what_verify_says(harm: Callable[[Path], object], named: str, said: str, store: Store) -> None:
    harm(store.path)
    (problem,) = store.verify()
    assert named in problem
    assert said in problem


COMMANDS = [
    ("store", "info"), ("store", "imports"), ("report", "trend"), ("report", "departments"),
    ("sql", "SELECT count(*) AS n FROM orders"), ("issues", "list"), ("classify",), ("topics", "list"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_a_damaged_month(command: tuple[str, ...], store: Store) -> None:
    damaged = store.path / "orders/month=2025-01/orders.parquet"
    damaged.write_bytes(damaged.read_bytes()[:200])
    ran = hotline(*command, cwd=store.path.parent)
    lines = [
        line for line in ran.err.splitlines() if str(Path("orders/month=2025-01/orders.parquet")) in line
    ]
    assert lines, ran.err
    assert all("hotline store quarantine" in line for line in lines)
    assert "程序内部错误" not in ran.err


@pytest.mark.parametrize(
    "name",
    [
        "orders/month=2025-01/orders.parquet", "labels/model.parquet", "labels/derived_from.json",
        "issues/issues.parquet", "issues/derived_from.json", "manifest.jsonl",
    ],
)  # fmt: skip
def test_work_goes_on_without_the_damaged_file(name: str, store: Store) -> None:
    damaged = store.path / name
    damaged.write_bytes(b"\x00" * len(damaged.read_bytes()))
    folder = store.path.parent
    (folder / "十二月.csv").write_text(DECEMBER, encoding="utf-8")
    assert hotline("store", "quarantine", cwd=folder).code == 0
    assert store.verify() == []
    ran = hotline("import", "十二月.csv", cwd=folder)
    assert ran.code == 0, ran.err
    for line in ("classify", "repeats", "report trend --period 2025-12"):
        ran = hotline(*line.split(), cwd=folder)
        assert ran.code == (0 if name == "manifest.jsonl" else 3), "what was set aside is not counted"
    if name != "manifest.jsonl":
        assert "隔离的文件" in ran.err
        assert (next(store.path.glob("quarantine/*")) / name).exists()
    assert store.verify() == []


def test_a_store_without_manifest_gets_one(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "store-v1", tmp_path / "store")
    store = Store.open(tmp_path / "store")
    assert store.verify() == []
    store.write_labels([LABELS.empty_table()], replace=True)
    assert (store.path / "manifest.jsonl").exists()
    assert store.verify() == []
    shutil.rmtree(store.order_files()[0].parent)
    assert "文件不见了" in store.verify()[0]
