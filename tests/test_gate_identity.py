"""Any sequence of real exports: one case is one order, in its latest state; two cases are never one."""

import csv
import os
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotline_tools.classify import Classifier
from hotline_tools.engine import Engine
from hotline_tools.jobs.importing import ImportReport, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.jobs.tagging import label_store
from hotline_tools.schema import LABELS
from hotline_tools.store import Store

Row = dict[str, str]
FULL = ("工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位", "办结时间", "应办结时间", "工单状态")
LAMPS = [f"新华路{n}号门前的路灯整夜不亮" for n in range(12)]
LEAKS = [f"锦绣花园{n}栋顶层渗水严重" for n in range(12)]


def write(path: Path, rows: list[Row], columns: tuple[str, ...] = ()) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns or tuple(rows[0]), extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def bring_in(store: Store, *paths: Path) -> ImportReport:
    report = import_tables(matched_tables(paths, OpenOptions()), store)
    for record in report.records:
        c = record.counts
        assert c.read == c.new + c.updated + c.unchanged + c.duplicate + c.rejected
    return report


def select(store: Store, sql: str) -> list[tuple[object, ...]]:
    with Engine(store) as engine:
        return [tuple(row.values()) for row in engine.query(sql).to_pylist()]


def notes(report: ImportReport) -> str:
    return "\n".join(note for record in report.records for note in record.notes)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def numbered(titles: list[str], *, start: str = "", step: int = 1, **more: str) -> list[Row]:
    """Cases numbered 1, 2, 3 … (or ``start`` + 001 …); ``more`` holds what all have."""
    return [
        {
            "工单编号": f"{start}{n:03d}" if start else str(n),
            "诉求标题": title,
            "诉求内容": f"{title}，请处理",
        }
        | more
        for n, title in enumerate(titles, 1)
    ]


REUSED = [
    ("two districts number alike, the same day at other times",
     numbered(LAMPS, start="20250603", 受理时间="2025-06-03 09:00:00", 主办单位="城管局"),
     numbered(LEAKS, start="20250603", 受理时间="2025-06-03 15:00:00", 主办单位="住建局")),
    ("no times at all", numbered(LAMPS, 主办单位="城管局"), numbered(LEAKS, 主办单位="住建局")),
    ("numbering restarts the next morning, less than a day later",
     numbered(LAMPS, 受理时间="2025-06-03 14:00:00"), numbered(LEAKS, 受理时间="2025-06-04 08:30:00")),
    ("numbering restarts, and people complain of the same again",
     numbered(LAMPS, 受理时间="2025-06-03 14:00:00"), numbered(LAMPS, 受理时间="2025-06-04 08:30:00")),
    ("only days are written", numbered(LAMPS, 受理时间="2025-06-03"), numbered(LEAKS, 受理时间="2025-06-03")),
    ("like words at the same time, for another unit",
     numbered(LAMPS, start="A", 受理时间="2025-06-03", 主办单位="城管局"),
     numbered([t.replace("新华", "解放") for t in LAMPS], start="A", 受理时间="2025-06-03",
              主办单位="路灯所")),
    ("the same words in another district",
     numbered(LAMPS, start="A", 所属区县="东城区"), numbered(LAMPS[::-1], start="A", 所属区县="西城区")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "one", "other"), REUSED, ids=[case[0] for case in REUSED])
def test_an_id_of_another_case_is_kept_apart_and_told(
    why: str, one: list[Row], other: list[Row], store: Store, tmp_path: Path
) -> None:
    first, second = write(tmp_path / "a.csv", one), write(tmp_path / "b.csv", other)
    assert notes(bring_in(store, first)) == notes(bring_in(store, first))
    report = bring_in(store, second)
    assert store.info().orders == 24
    assert "12 件的编号与库中另一件工单相同" in notes(report)
    for path in (second, first):
        again = bring_in(store, path)
        assert again.totals()["unchanged"] == 12
        assert "另一件工单" not in notes(again)
    both = write(tmp_path / "both.csv", [*one, *other])
    assert bring_in(store, both).totals()["unchanged"] == 24, "the same cases in one file"
    assert store.verify() == []


def test_all_days_in_one_file_first(store: Store, tmp_path: Path) -> None:
    one, other = REUSED[2][1:]
    bring_in(store, write(tmp_path / "both.csv", [*one, *other]))
    assert store.info().orders == 24
    assert bring_in(store, write(tmp_path / "a.csv", one)).totals()["unchanged"] == 12
    assert bring_in(store, write(tmp_path / "b.csv", other)).totals()["unchanged"] == 12


CHANGED = [
    ("text completed later", {"诉求内容": "见附件"}, {"诉求内容": "新华路3号门前路灯不亮，请尽快维修。"}),
    ("a typing error put right",
     {"诉求内容": "新华路3号门前路灯不量，出行不便"}, {"诉求内容": "新华路3号门前路灯不亮，出行不便"}),
    ("appended to, the time only as a day",
     {"诉求内容": "路灯不亮多日", "受理时间": "2025-06-03"}, {"诉求内容": "路灯不亮多日。市民再次来电催办"}),
    ("handed to another unit", {"主办单位": "城管局"}, {"主办单位": "住建局"}),
    ("the house number put right",
     {"诉求内容": "新华路3号门前路灯不亮，出行不便"}, {"诉求内容": "新华路8号门前路灯不亮，出行不便"}),
    ("another order's number in the text, and no time",
     {"诉求内容": "请尽快回复受理编号G65238485-0071的投诉"},
     {"诉求内容": "请尽快回复受理编号G32495663-0071的投诉", "受理时间": ""}),
    ("put into its district later", {"所属区县": "市本级"}, {"所属区县": "东城区"}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "before", "after"), CHANGED, ids=[case[0] for case in CHANGED])
def test_the_same_case_again_is_an_update(
    why: str, before: Row, after: Row, store: Store, tmp_path: Path
) -> None:
    base = {"工单编号": "WO20250603017", "受理时间": "2025-06-03 10:12:44", "诉求标题": "反映问题",
            "诉求内容": "路灯不亮", "主办单位": "城管局", "所属区县": "东城区"}  # fmt: skip
    bring_in(store, write(tmp_path / "a.csv", [base | before]))
    report = bring_in(store, write(tmp_path / "b.csv", [base | after]))
    assert report.totals()["updated"] == 1
    (column, value), *_ = after.items()
    name = {"诉求内容": "content", "主办单位": "department", "所属区县": "district"}[column]
    assert select(store, f"SELECT {name} FROM orders") == [(value,)]


def lamps(*, closed: str = "", state: str = "办理中") -> list[Row]:
    return [
        {"工单编号": f"WO{n:06d}", "受理时间": f"2025-09-{n + 1:02d} 10:00:00", "诉求标题": f"路灯问题{n}",
         "诉求内容": f"{title}，夜间出行不便。", "主办单位": "城管局", "办结时间": closed,
         "应办结时间": "2025-10-20 18:00:00", "工单状态": state}
        for n, title in enumerate(LAMPS[:10])
    ]  # fmt: skip


def test_an_export_with_fewer_columns_speaks_of_the_same_cases(store: Store, tmp_path: Path) -> None:
    few = write(tmp_path / "few.csv", lamps(), ("工单编号", "受理时间", "诉求标题", "主办单位", "工单状态"))
    full = write(tmp_path / "full.csv", lamps(closed="2025-09-20 10:00:00", state="已办结"), FULL)
    bring_in(store, few)
    (former,) = select(store, "SELECT DISTINCT source FROM orders")
    report = bring_in(store, full)
    (source,) = select(store, "SELECT DISTINCT source FROM orders")
    assert former != source, "the case is about a source that changes"
    assert report.totals()["updated"] == 10
    assert bring_in(store, full).totals()["unchanged"] == 10
    again = bring_in(store, few)
    assert again.totals()["unchanged"] == 10
    assert "10 件库中已是更新的状态，保留" in notes(again)
    found = select(store, "SELECT count(*), count(content), count(*) FILTER (status = 'closed') FROM orders")
    assert found == [(10, 10, 10)]
    assert select(store, "SELECT DISTINCT source FROM orders") == [source]
    assert store.verify() == []


def test_an_older_export_opens_nothing_but_fills_gaps(store: Store, tmp_path: Path) -> None:
    closed = write(
        tmp_path / "closed.csv",
        lamps(closed="2025-10-08 10:00:00", state="已办结"),
        tuple(name for name in FULL if name != "诉求内容"),
    )
    older = write(tmp_path / "older.csv", lamps(), FULL)
    bring_in(store, closed)
    report = bring_in(store, older)
    assert "10 件库中已是更新的状态，保留" in notes(report)
    found = select(store, "SELECT DISTINCT status, closed_at IS NOT NULL, content IS NOT NULL FROM orders")
    assert found == [("closed", True, True)]
    assert bring_in(store, older).totals()["unchanged"] == 10


def test_a_case_taken_up_again_is_open_again(store: Store, tmp_path: Path) -> None:
    redo = {"重办次数": "1", "工单状态": "办理中"}
    first = [row | {"重办次数": "0"} for row in lamps(closed="2025-09-20 10:00:00", state="已办结")]
    second = [row | redo for row in lamps(closed="", state="办理中")]
    a, b = write(tmp_path / "a.csv", first), write(tmp_path / "b.csv", second)
    bring_in(store, a)
    bring_in(store, b)
    bring_in(store, a)
    assert select(store, "SELECT DISTINCT status, redos FROM orders") == [("open", 1)]


def test_of_two_rows_in_one_file_the_later_state_counts(store: Store, tmp_path: Path) -> None:
    rows = [*lamps(closed="2025-09-20 10:00:00", state="已办结"), *lamps()]
    report = bring_in(store, write(tmp_path / "a.csv", rows, FULL))
    assert (report.totals()["new"], report.totals()["duplicate"]) == (10, 10)
    assert select(store, "SELECT DISTINCT status FROM orders") == [("closed",)]


STATES: list[dict[str, str]] = [
    {"state": "办理中"},
    {"state": "已办结", "closed": "2025-10-08 10:00:00"},
    {"state": "已办结", "closed": "2025-10-12 10:00:00"},
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_later_state_wins_in_any_order(order: tuple[int, ...], store: Store, tmp_path: Path) -> None:
    for number in order:
        bring_in(store, write(tmp_path / f"{number}月.csv", lamps(**STATES[number]), FULL))
    assert select(store, "SELECT DISTINCT status, strftime(closed_at, '%d') FROM orders") == [
        ("closed", "12")
    ]
    assert store.info().orders == 10


CASES = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from([*LAMPS[:3], *LEAKS[:3]])), min_size=1, max_size=8
)
DAYS = st.sampled_from(["2025-06-03 09:10:00", "2025-06-03 15:20:00", "2025-06-04"])


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(files=st.lists(st.tuples(CASES, DAYS), min_size=1, max_size=4), timed=st.booleans())
def test_no_case_is_lost_and_none_comes_twice(
    files: list[tuple[list[tuple[int, str]], str]], timed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("identity")
    store = Store.open(folder / "store", create=True)
    paths, wanted = [], set()
    for index, (cases, day) in enumerate(files):
        rows = [
            {"编号": str(n), "受理时间": day * timed, "诉求标题": t, "诉求内容": f"{t}，请处理"}
            for n, t in cases
        ]
        paths.append(write(folder / f"{index}.csv", rows))
        bring_in(store, paths[-1])
        wanted |= {t for _, t in cases}
    assert {t for (t,) in select(store, "SELECT DISTINCT title FROM orders")} == wanted
    before = select(store, "SELECT order_key FROM orders ORDER BY 1")
    for path in paths:
        assert bring_in(store, path).totals()["new"] == 0
    assert select(store, "SELECT order_key FROM orders ORDER BY 1") == before
    assert store.verify() == []


def vague(*, content: str = "见附件") -> list[Row]:
    return [
        {"工单编号": f"WO{n:06d}", "受理时间": f"2025-06-{n + 1:02d} 10:00:00", "诉求标题": "反映问题",
         "诉求内容": content.format(n), "工单状态": "办理中"}
        for n in range(10)
    ]  # fmt: skip


def labels(store: Store) -> list[tuple[object, ...]]:
    return select(store, "SELECT category, count(*) FROM labels GROUP BY 1 ORDER BY 1")


def without_digests(store: Store) -> None:
    """Make the label file one of an older version."""
    path = store.label_files()["model"]
    pq.write_table(pq.read_table(path).drop_columns(["text_digest"]), path)


@pytest.mark.parametrize("older", [False, True], ids=["", "labels of an older version"])
def test_an_order_whose_text_changed_is_labelled_again(older: bool, store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "v1.csv", vague()))
    assert label_store(store, Classifier.default()).rows == 10
    if older:
        without_digests(store)
    assert label_store(store, Classifier.default()).rows == 0
    bring_in(store, write(tmp_path / "v2.csv", vague(content="建设路{}号路灯不亮，请尽快维修。")))
    assert label_store(store, Classifier.default()).rows == 10
    assert labels(store) == [("市政设施", 10)]
    assert label_store(store, Classifier.default()).rows == 0
    closed = [row | {"工单状态": "已办结"} for row in vague(content="建设路{}号路灯不亮，请尽快维修。")]
    bring_in(store, write(tmp_path / "v3.csv", closed))
    assert label_store(store, Classifier.default()).rows == 0, "the text is the same"


def test_a_persons_label_stays_when_the_text_changes(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "v1.csv", vague()[:1]))
    ((key,),) = select(store, "SELECT order_key FROM orders")
    given = pa.Table.from_pylist([{"order_key": key, "category": "公共安全"}], schema=LABELS)
    store.write_labels([given], origin="person")
    bring_in(store, write(tmp_path / "v2.csv", vague(content="建设路路灯不亮，请尽快维修。")[:1]))
    label_store(store, Classifier.default())
    assert labels(store) == [("公共安全", 1)]


SHARED = Path(os.environ.get("HOTLINE_SHARED_DATA", "nowhere")) / "cases"
SHARED_CASES = [
    (("02_reused_ids/区一.csv", "02_reused_ids/区二.csv"), 24),
    (("02_reused_ids/无日期1.csv", "02_reused_ids/无日期2.csv"), 24),
    (("02_reused_ids/day1.csv", "02_reused_ids/day2.csv"), 24),
    (("03_source_flips/few_columns.csv", "03_source_flips/full.csv"), 12),
    (("04_order_of_months",), 10),
    (("04_order_of_months/2025年10月.csv", "04_order_of_months/2025年9月.csv"), 10),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="HOTLINE_SHARED_DATA is not set")
@pytest.mark.parametrize(("names", "orders"), SHARED_CASES)
def test_shared_cases(names: tuple[str, ...], orders: int, store: Store) -> None:
    report = bring_in(store, *(SHARED / name for name in names))
    assert store.info().orders == orders
    if names[0].startswith("02"):
        assert "12 件的编号与库中另一件工单相同" in notes(report)
    if names[0].startswith("04"):
        assert select(store, "SELECT DISTINCT status FROM orders") == [("closed",)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="HOTLINE_SHARED_DATA is not set")
def test_shared_case_of_stale_labels(store: Store) -> None:
    for name in ("v1.csv", "v2.csv"):
        bring_in(store, SHARED / "06_stale_label" / name)
        label_store(store, Classifier.default())
    assert {category for category, _ in labels(store)} == {"市政设施"}


CLOSED = {"closed": "2025-09-20 10:00:00", "state": "已办结"}
CLOSED_CELLS = {"工单状态": "已办结", "办结时间": "2025-09-20 10:00:00"}


@pytest.mark.parametrize("damage", ["2.02506E+12", "", None], ids=["as a number", "empty", "no column"])
@pytest.mark.parametrize("whole_first", [True, False])
def test_orders_whose_ids_were_lost_are_the_same_orders(
    damage: str | None, whole_first: bool, store: Store, tmp_path: Path
) -> None:
    whole = write(tmp_path / "whole.csv", lamps(), FULL)
    rows = [row | {"工单编号": damage or ""} for row in lamps(**CLOSED)]
    lost = write(tmp_path / "lost.csv", rows, FULL if damage is not None else FULL[1:])
    first, second = (whole, lost) if whole_first else (lost, whole)
    told = notes(bring_in(store, first)) + notes(bring_in(store, second))
    found = select(store, "SELECT order_id, status FROM orders ORDER BY order_id")
    assert found == [(row["工单编号"], "closed") for row in lamps()]
    assert ("10 件没有完整的编号，内容与库中一件工单相同" in told) is whole_first
    assert ("10 件的编号已损坏" in told) is (bool(damage) and not whole_first)
    assert bring_in(store, first).totals()["new"] == bring_in(store, second).totals()["new"] == 0


def test_two_cases_of_the_same_words_are_not_joined_without_ids(store: Store, tmp_path: Path) -> None:
    first, *_ = lamps()
    twice = [first | {"工单编号": "20250603001"}, first | {"工单编号": "20250603002"}]
    bring_in(store, write(tmp_path / "a.csv", twice, FULL))
    report = bring_in(store, write(tmp_path / "b.csv", [first | CLOSED_CELLS], FULL[1:]))
    assert report.totals()["new"] == 1


@pytest.mark.parametrize("states_first", [False, True])
def test_a_list_of_ids_and_states_speaks_of_the_orders_with_these_ids(
    states_first: bool, store: Store, tmp_path: Path
) -> None:
    long_ids = [row | {"工单编号": f"2025060300{n:03d}"} for n, row in enumerate(lamps())]
    full = write(tmp_path / "full.csv", long_ids, FULL)
    rows = [row | CLOSED_CELLS for row in long_ids]
    states = write(tmp_path / "states.csv", rows, ("工单编号", "办结时间", "工单状态"))
    bring_in(store, states if states_first else full)
    told = notes(bring_in(store, full if states_first else states))
    assert "没有可读的受理时间" not in told  # the orders have it
    found = select(store, "SELECT count(*), count(content), count(received_at), count(closed_at) FROM orders")
    assert found == [(10, 10, 10, 10)]


def test_short_numbers_alone_tell_no_order(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "full.csv", lamps(), FULL))
    rows = [{"工单编号": str(n)} | CLOSED_CELLS for n in range(1, 11)]
    assert bring_in(store, write(tmp_path / "states.csv", rows)).totals()["new"] == 10


def test_an_order_withdrawn_after_its_closing_is_withdrawn(store: Store, tmp_path: Path) -> None:
    closed = write(tmp_path / "a.csv", lamps(**CLOSED), FULL)
    withdrawn = write(tmp_path / "b.csv", lamps(state="已作废"), FULL)
    bring_in(store, closed)
    bring_in(store, withdrawn)
    bring_in(store, write(tmp_path / "c.csv", lamps(**CLOSED), FULL))
    assert select(store, "SELECT DISTINCT status FROM orders") == [("cancelled",)]


def test_a_file_that_was_there_before_takes_no_correction_back(store: Store, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", lamps(**CLOSED), FULL)
    corrected = [row | {"主办单位": "市交通运输局"} for row in lamps(**CLOSED)]
    bring_in(store, first)
    for _ in range(2):
        bring_in(store, write(tmp_path / "b.csv", corrected, FULL))
        told = notes(bring_in(store, first))
        assert select(store, "SELECT DISTINCT department FROM orders") == [("市交通运输局",)]
        assert "10 件库中已是更新的状态，保留" in told


def test_an_id_given_again_the_next_year_is_another_case(store: Store, tmp_path: Path) -> None:
    (first, *_) = lamps()
    again = first | {"工单编号": "10012", "受理时间": "2026-09-01 11:00:00", "来电号码": "13900000002"}
    bring_in(store, write(tmp_path / "a.csv", [first | {"工单编号": "10012", "来电号码": "13900000001"}]))
    report = bring_in(store, write(tmp_path / "b.csv", [again]))
    assert report.totals()["new"] == 1
    assert "当作不同的工单" in notes(report)


@pytest.mark.parametrize("ids_first", [True, False])
def test_two_cases_of_the_same_words_pair_with_two(ids_first: bool, store: Store, tmp_path: Path) -> None:
    (first, *_) = lamps()
    twice = [first | {"工单编号": "20250603001"}, first | {"工单编号": "20250603002"}]
    whole, nameless = write(tmp_path / "a.csv", twice, FULL), write(tmp_path / "b.csv", twice, FULL[1:])
    for path in (whole, nameless) if ids_first else (nameless, whole):
        bring_in(store, path)
    assert select(store, "SELECT count(*), count(DISTINCT order_id) FROM orders") == [(2, 2)]


def test_a_whole_id_is_not_lost_again(store: Store, tmp_path: Path) -> None:
    nameless = write(tmp_path / "a.csv", lamps(), FULL[1:])
    bring_in(store, nameless)
    bring_in(store, write(tmp_path / "b.csv", lamps(**CLOSED), FULL))
    bring_in(store, write(tmp_path / "c.csv", lamps(state="已作废"), FULL[1:]))
    assert select(store, "SELECT count(order_id), min(status) FROM orders") == [(10, "cancelled")]


def test_ids_that_lost_their_last_digits_among_whole_ones(store: Store, tmp_path: Path) -> None:
    long_ids = [row | {"工单编号": f"2025060300001234{n:02d}"} for n, row in enumerate(lamps(), 10)]
    cut = [
        row | {"工单编号": row["工单编号"][:15] + "000"} if n < 3 else row for n, row in enumerate(long_ids)
    ]
    bring_in(store, write(tmp_path / "a.csv", long_ids, FULL))
    bring_in(store, write(tmp_path / "b.csv", cut, FULL))
    found = select(store, "SELECT count(*), count(*) FILTER (order_id LIKE '%000') FROM orders")
    assert found == [(10, 0)]


def test_a_list_may_have_several_rows_of_an_order(store: Store, tmp_path: Path) -> None:
    long_ids = [row | {"工单编号": f"2025060300{n:03d}"} for n, row in enumerate(lamps())]
    bring_in(store, write(tmp_path / "full.csv", long_ids, FULL))
    states = [*long_ids[:3], *(row | CLOSED_CELLS for row in long_ids)]
    report = bring_in(store, write(tmp_path / "list.csv", states, ("工单编号", "办结时间", "工单状态")))
    assert (report.totals()["updated"], report.totals()["duplicate"]) == (10, 3)
    assert "已损坏" not in notes(report)
    assert select(store, "SELECT count(*), count(closed_at) FROM orders") == [(10, 10)]


def test_an_order_that_is_open_again_gets_no_earlier_closing_back(store: Store, tmp_path: Path) -> None:
    closed = write(tmp_path / "a.csv", [row | {"重办次数": "0"} for row in lamps(**CLOSED)])
    bring_in(store, closed)
    bring_in(store, write(tmp_path / "b.csv", [row | {"重办次数": "1"} for row in lamps()]))
    bring_in(store, closed)
    found = select(store, "SELECT DISTINCT status, closed_at, handling_hours, redos FROM orders")
    assert found == [("open", None, None, 1)]


def test_zeros_that_a_spreadsheet_took_come_back(store: Store, tmp_path: Path) -> None:
    whole = [row | {"工单编号": f"000{n:06d}"} for n, row in enumerate(lamps(), 1)]
    short = [row | {"工单编号": str(n)} | CLOSED_CELLS for n, row in enumerate(lamps(), 1)]
    bring_in(store, write(tmp_path / "a.csv", whole, FULL))
    bring_in(store, write(tmp_path / "b.csv", short, FULL))
    found = select(store, "SELECT count(*), count(closed_at), min(length(order_id)) FROM orders")
    assert found == [(10, 10, 9)]


def test_an_open_order_gets_the_reply_that_an_earlier_list_lacked(store: Store, tmp_path: Path) -> None:
    columns = ("工单编号", "受理时间", "诉求标题", "主办单位", "派单时间", "工单状态")
    listed = [row | {"派单时间": "2025-09-18 09:00:00"} for row in lamps()]
    detail = [row | {"办理结果": "已派人查看，正在维修", "派单时间": ""} for row in lamps()]
    bring_in(store, write(tmp_path / "list.csv", listed, columns))
    bring_in(store, write(tmp_path / "detail.csv", detail, (*columns, "诉求内容", "办理结果")))
    assert select(store, "SELECT count(*), count(reply), count(content) FROM orders") == [(10, 10, 10)]


NAMELESS = ("受理时间", "诉求标题", "诉求内容", "主办单位", "工单状态")
LIST = ("受理时间", "主办单位", "办结时间", "工单状态")


@pytest.mark.parametrize("fewer_first", [True, False])
def test_the_same_month_without_ids_and_with_fewer_columns_is_told(
    fewer_first: bool, store: Store, tmp_path: Path
) -> None:
    full, few = write(tmp_path / "full.csv", lamps(), NAMELESS), write(tmp_path / "few.csv", lamps(), LIST)
    first, second = (few, full) if fewer_first else (full, few)
    assert not bring_in(store, first).is_doubled
    report = bring_in(store, second)
    assert report.totals()["new"] == 10, "nothing says for sure that they are the same"
    assert report.records[0].lookalikes == 10
    assert "新增的工单中有 10 件，库中另有受理时间相同" in notes(report)
    assert f"hotline store undo {report.records[0].import_id}" in notes(report)
    assert not bring_in(store, second).is_doubled, "it adds nothing"


def test_a_time_that_many_orders_share_tells_of_none(store: Store, tmp_path: Path) -> None:
    hours = [
        {**row, "受理时间": "2025-09-01 09:00:00", "诉求标题": f"路灯问题{n}"}
        for n in range(30)
        for row in lamps()[:1]
    ]
    bring_in(store, write(tmp_path / "full.csv", hours, NAMELESS))
    others = [{**row, "办结时间": f"2025-09-{n % 28 + 1:02d} 10:00:00"} for n, row in enumerate(hours)]
    assert bring_in(store, write(tmp_path / "few.csv", others, LIST)).records[0].lookalikes == 0


def test_an_export_with_ids_after_one_without_and_other_words_is_told(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "few.csv", lamps(), LIST))
    assert bring_in(store, write(tmp_path / "full.csv", lamps(), FULL)).records[0].lookalikes == 10


@pytest.mark.parametrize(
    "change",
    [
        lambda n: {"受理时间": f"2025-09-{n + 1:02d} 10:00:0{n % 7 + 1}"},
        lambda n: {"受理时间": f"2025-09-{n + 1:02d}"},
        lambda n: {"主办单位": f"第{n}街道办", "诉求标题": "", "诉求内容": ""},
        lambda n: {} if n < 4 else {"受理时间": "2025-09-20 11:00:00"},
    ],
    ids=["other times", "days alone", "nothing else alike", "few"],
)
def test_other_orders_without_ids_are_no_double(
    change: Callable[[int], Row], store: Store, tmp_path: Path
) -> None:
    few = [row | change(n) for n, row in enumerate(lamps())]
    bring_in(store, write(tmp_path / "full.csv", lamps(), NAMELESS))
    assert not bring_in(store, write(tmp_path / "few.csv", few, LIST)).is_doubled
