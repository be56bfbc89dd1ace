"""Files into the store: identity, the row sum, upsert, partitions. Real files, real Parquet."""

import csv
import os
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.engine import Engine
from hotline_tools.errors import StoreError, StoreLockedError
from hotline_tools.jobs.importing import ImportOptions, ImportReport, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.store import Store, plan
from hotline_tools.store.lock import writer_lock

HEADER = [
    "工单编号",
    "受理时间",
    "诉求标题",
    "诉求内容",
    "诉求类型",
    "办结时间",
    "工单状态",
    "满意度",
    "备用字段",
]


def order(number: str, day: str = "2025-06-03", text: str = "路灯不亮", **more: str) -> list[str]:
    row = {
        "工单编号": number, "受理时间": f"{day} 10:00:00", "诉求标题": text, "诉求内容": f"{text}，请修。",
        "诉求类型": "求助", "办结时间": "", "工单状态": "办理中", "满意度": "", "备用字段": "",
    }  # fmt: skip
    return list((row | more).values())


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def bring_in(path: Path, store: Store, **options: object) -> ImportReport:
    return import_tables(matched_tables([path], OpenOptions()), store, ImportOptions(**options))  # type: ignore[arg-type]


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    t = report.totals()
    assert t["read"] == t["new"] + t["updated"] + t["unchanged"] + t["duplicate"] + t["rejected"]
    return t["new"], t["updated"], t["unchanged"], t["duplicate"], t["rejected"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def select(store: Store, sql: str) -> list[tuple[object, ...]]:
    with Engine(store) as engine:
        return [tuple(row.values()) for row in engine.query(sql).to_pylist()]


IDENTITY = [
    ("whole and unique ids", [order("A1"), order("A2", text="积水")], (2, 0, 0, 0, 0), {"id": 2}),
    ("one order twice", [order("A1"), order("A1", 工单状态="已办结")],
     (1, 0, 0, 1, 0), {"id": 2}),
    ("one id, two cases", [order("A1"), order("A1", text="积水")],
     (2, 0, 0, 0, 0), {"content:repeated-id": 2}),
    ("no id", [order(""), order("", text="积水")], (2, 0, 0, 0, 0), {"content:no-id": 2}),
    ("no id and the same words: both stay", [order(""), order("")], (2, 0, 0, 0, 0), {"content:no-id": 2}),
    ("damaged by Excel", [order("2.02504E+12"), order("2.02504E+12", text="积水")], (2, 0, 0, 0, 0),
     {"content:damaged-id": 2}),
    ("cut short: most ids repeat", [order(f"20250600{i // 6}", text=f"第{i}处积水") for i in range(12)],
     (12, 0, 0, 0, 0), {"content:damaged-id": 12}),
    ("digits lost beyond the fifteenth", [order(f"20250603{i}123456000", text=f"{i}") for i in range(1, 8)],
     (7, 0, 0, 0, 0), {"content:damaged-id": 7}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "rows", "expected", "origins"), IDENTITY, ids=[c[0] for c in IDENTITY])
def test_identity(
    why: str,
    rows: list[list[str]],
    expected: tuple[int, ...],
    origins: dict[str, int],
    tmp_path: Path,
) -> None:
    store = Store.open(tmp_path / "store", create=True)
    path = write(tmp_path / "a.csv", rows)
    first = bring_in(path, store)
    assert counts(first) == expected
    assert first.records[0].origins == origins
    kept = sum(expected[:1])
    again = bring_in(path, store)
    assert counts(again) == (0, 0, kept, len(rows) - kept, 0)
    assert again.records[0].months == []
    assert store.info().orders == kept
    assert store.verify() == []


def test_the_later_row_of_one_order_wins(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("A1"), order("A1", 工单状态="已办结")]), store)
    assert select(store, "SELECT order_id, status, row_number FROM orders") == [("A1", "closed", 3)]


def test_id_flags_reach_the_store(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("A1"), order("A1", text="积水"), order("1.2E+11")]), store)
    rows = select(store, "SELECT order_id, quality_flags FROM orders ORDER BY ALL")
    assert rows == [("1.2E+11", "id-damaged"), ("A1", "id-repeated"), ("A1", "id-repeated")]


def test_update_moves_to_another_month_once(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("A1", "2025-06-30"), order("A2", text="积水")]), store)
    report = bring_in(write(tmp_path / "b.csv", [order("A1", "2025-07-01")]), store)
    assert counts(report) == (0, 1, 0, 0, 0)
    assert report.records[0].months == ["2025-06", "2025-07"]
    assert store.info().months == {"2025-06": 1, "2025-07": 1}
    bring_in(write(tmp_path / "c.csv", [order("A2", "2025-07-02", text="积水")]), store)
    assert store.info().months == {"2025-07": 2}
    assert not (store.path / "orders" / "month=2025-06").exists()
    assert store.verify() == []


@pytest.mark.parametrize("together", [1, 3, 1000])
def test_however_few_months_are_sorted_together_the_store_is_the_same(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """A store of ten million orders has more rows in a month than fit into one sort."""
    monkeypatch.setattr(plan, "_SORTED_ROWS", together)
    days = [f"2025-{month:02d}-{day:02d}" for month in (3, 1, 2) for day in (9, 2)]
    bring_in(write(tmp_path / "a.csv", [order(f"A{n}", day) for n, day in enumerate(days)]), store)
    moved = [
        order("A0", "2025-01-30"),
        order("A2", "2025-01-09", 工单状态="已办结"),
        order("B1", "2024-12-31"),
    ]
    assert counts(bring_in(write(tmp_path / "b.csv", moved), store)) == (1, 2, 0, 0, 0)
    assert store.info().months == {"2024-12": 1, "2025-01": 3, "2025-02": 2, "2025-03": 1}
    for month, held in store.info().months.items():
        (file,) = (store.path / "orders" / f"month={month}").glob("*.parquet")
        times = pq.read_table(file).column("received_at").to_pylist()
        assert len(times) == held and times == sorted(times)
    assert select(store, "SELECT order_id FROM orders ORDER BY received_at, order_id") == [
        ("B1",), ("A3",), ("A2",), ("A0",), ("A5",), ("A4",), ("A1",),
    ]  # fmt: skip
    assert store.verify() == []


def test_an_id_given_to_another_case_later_does_not_overwrite(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("0001", "2024-06-03")]), store)
    other = write(tmp_path / "b.csv", [order("0001", "2025-06-03", text="噪音扰民")])
    assert counts(bring_in(other, store)) == (1, 0, 0, 0, 0)
    assert counts(bring_in(other, store)) == (0, 0, 1, 0, 0)
    assert select(store, "SELECT order_key_origin FROM orders ORDER BY received_at") == [
        ("id",), ("content:repeated-id",),
    ]  # fmt: skip


def test_an_id_that_turns_out_to_be_repeated_keeps_what_is_known(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("A1")]), store)
    both = write(tmp_path / "b.csv", [order("A1"), order("A1", text="积水")])
    assert counts(bring_in(both, store)) == (1, 0, 1, 0, 0)
    assert counts(bring_in(both, store)) == (0, 0, 2, 0, 0)
    assert counts(bring_in(write(tmp_path / "c.csv", [order("A1", text="积水")]), store)) == (0, 0, 1, 0, 0)


def test_a_narrower_export_does_not_erase(store: Store, tmp_path: Path) -> None:
    bring_in(write(tmp_path / "a.csv", [order("A1", 备用字段="甲")]), store)
    narrow = tmp_path / "b.csv"
    narrow.write_text(
        "工单编号,诉求标题,办结时间,主办单位\nA1,路灯不亮,2025-06-04 10:00:00,路灯所\n", encoding="utf-8"
    )
    reading = [(t, m) for t, m in matched_tables([narrow], OpenOptions())]
    source = select(store, "SELECT DISTINCT source FROM orders")[0][0]
    options = ImportOptions(source=str(source))
    assert counts(import_tables(reading, store, options)) == (0, 1, 0, 0, 0)
    row = select(store, "SELECT content, department, status, handling_hours, extra FROM orders")
    assert row == [("路灯不亮，请修。", "路灯所", "closed", 24.0, '{"备用字段": "甲"}')]
    assert counts(import_tables(matched_tables([narrow], OpenOptions()), store, options)) == (0, 0, 1, 0, 0)


def test_dry_run_decides_and_writes_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    before = sorted(p for p in store.path.rglob("*"))
    assert counts(bring_in(write(tmp_path / "a.csv", [order("A1")]), store, dry_run=True)) == (1, 0, 0, 0, 0)
    assert sorted(p for p in store.path.rglob("*")) == before


def test_unchanged_import_rewrites_no_partition(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [order("A1"), order("A2", text="积水")])
    bring_in(path, store)
    (file,) = store.order_files()
    before = file.stat()
    bring_in(path, store)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(store.records()) == 2


def test_values_in_the_store(store: Store, tmp_path: Path) -> None:
    rows = [
        order("A1", 办结时间="2025-06-04 11:30:00", 满意度="非常满意", 备用字段='引"号', 工单状态="已办结"),
        order(
            "A2", text="电话13812345678", 办结时间="2025-06-01 08:00:00", 满意度="马马虎虎", 诉求类型="唠嗑"
        ),
        order("A3", text="积水", 办结时间="1900-01-01", 工单状态="", 诉求类型=""),
        order("A4", text="井盖", 办结时间="近期"),
    ]
    report = bring_in(write(tmp_path / "a.csv", rows), store)
    found = select(
        store,
        "SELECT order_id, title, status, satisfaction, satisfaction_raw, request_type, handling_hours, "
        "extra, quality_flags FROM orders ORDER BY order_id",
    )
    early = "closed-before-received;masked"
    assert found == [
        ("A1", "路灯不亮", "closed", "satisfied", "非常满意", "求助", 25.5, '{"备用字段": "引\\"号"}', None),
        ("A2", "电话138********", "open", None, "马马虎虎", None, None, '{"诉求类型": "唠嗑"}', early),
        ("A3", "积水", "open", None, None, None, None, None, "date-sentinel"),
        ("A4", "井盖", "open", None, None, "求助", None, '{"办结时间": "近期"}', "date-invalid"),
    ]  # fmt: skip
    quality = {c["field"]: c for c in report.records[0].quality["columns"]}
    assert quality["satisfaction"]["examples"] == [["马马虎虎", 1]]
    for column in quality.values():
        assert column["filled"] + column["missing"] + column["unknown"] + column["invalid"] == 4


def test_keep_personal_data_is_logged_and_changes_no_key(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [order("", text="电话13812345678")])
    bring_in(path, store)
    report = bring_in(path, store, keep_personal_data=True)
    assert counts(report) == (0, 1, 0, 0, 0)
    assert report.records[0].keep_personal_data
    assert select(store, "SELECT title FROM orders") == [("电话13812345678",)]
    assert not store.records()[0].keep_personal_data


WORDS = st.sampled_from(["路灯不亮", "积水", "噪音", "井盖破损"])
IDS = st.sampled_from(["", "A1", "A2", "A3", "2.02504E+12"])
DAYS = st.sampled_from(["2025-05-31", "2025-06-01", "2025-06-02"])


@settings(max_examples=8, deadline=None)
@given(rows=st.lists(st.tuples(IDS, DAYS, WORDS), min_size=1, max_size=25))
def test_no_case_is_lost_and_keys_are_stable(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("identity")
    store = Store.open(folder / "store", create=True)
    path = write(folder / "a.csv", [order(i, d, w) for i, d, w in rows])
    report = bring_in(path, store)
    stored = Counter(select(store, "SELECT strftime(received_at, '%Y-%m-%d'), title FROM orders"))
    assert set(stored) == {(d, w) for _, d, w in rows}
    assert sum(stored.values()) == len(rows) - report.totals()["duplicate"]
    keys = select(store, "SELECT order_key FROM orders ORDER BY 1")
    assert len(set(keys)) == len(keys)
    again = bring_in(path, store)
    assert again.totals()["unchanged"] == len(keys)
    assert select(store, "SELECT order_key FROM orders ORDER BY 1") == keys


def test_lock_says_who_holds_it(store: Store, tmp_path: Path) -> None:
    impatient = Store.open(store.path, lock_timeout_seconds=0.1)
    path = write(tmp_path / "a.csv", [order("A1")])
    with (
        writer_lock(store.files, 1),
        pytest.raises(StoreLockedError, match=f"进程 {os.getpid()}，主机 .*自 20"),
    ):
        bring_in(path, impatient)
    assert counts(bring_in(path, impatient)) == (1, 0, 0, 0, 0)


def test_unwritable_and_foreign_places(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="不可写"):
        Store.open(tmp_path / "file" / "store", create=True)
    with pytest.raises(StoreError, match="不是工单库"):
        Store.open(tmp_path, create=True)
    with pytest.raises(StoreError, match="没有工单库"):
        Store.open(tmp_path / "nowhere")
