"""What every report says of orders that it is too old for or silent about, over stores that are imported."""

import csv
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.reports.freshness import touched_by
from hotline_tools.reports.kpi.profile_file import find_profile
from hotline_tools.reports.period_forms import parse_period
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import Touched, reports
from hotline_tools.table import NoteKind, ReportTable

HEADER = (
    "工单编号",
    "受理时间",
    "诉求内容",
    "工单状态",
    "办结时间",
    "满意度",
    "是否解决",
    "诉求类型",
    "主办单位",
)
Row = tuple[str, ...]
PERIOD = "2025-06"
ALL = tuple(reports())
CASES = Path(os.environ.get("HOTLINE_SHARED_DATA", "nowhere")) / "cases"


def order(number: int, day: str, text: str = "春晖路{}号路灯不亮", **cells: str) -> Row:
    """One row of an export: closed on the day it came, satisfied, unless ``cells`` say otherwise."""
    received, closed = (f"{day} 10:00:00", f"{day} 15:00:00") if day else ("", "")
    plain = (f"T{number:04}", received, text.format(number), "已办结", closed, "满意", "是", "求助", "路灯所")
    row = dict(zip(HEADER, plain, strict=True))
    return tuple({**row, **cells}.values())


def daily(first: str, days: int, each: int = 3, skip: tuple[int, ...] = ()) -> list[Row]:
    """``each`` orders on each of ``days`` days from ``first``, but on the days counted by ``skip``."""
    start = date.fromisoformat(first)
    return [
        order(day * each + n, str(start + timedelta(days=day)))
        for day in range(days)
        if day not in skip
        for n in range(each)
    ]


def export(path: Path, rows: list[Row], header: Row = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def store(tmp_path: Path) -> ht.Store:
    return ht.Store.open(tmp_path / "store", create=True)


def bring_in(store: ht.Store, rows: list[Row], name: str = "a.csv") -> None:
    ht.import_files(store, [export(store.path.parent / name, rows)])


def told(table: ReportTable, kind: NoteKind, words: str) -> list[str]:
    return [note.text for note in table.notes if note.kind is kind and re.search(words, note.text)]


JUNE = daily("2025-06-01", 30)


@dataclass(frozen=True)
class Silence:
    """A store, what it must be said of, and in which reports."""

    why: str
    make: Callable[[ht.Store], None]
    kind: NoteKind
    says: str
    touched: Touched | None
    misleading: bool


def with_undated(number: int) -> Callable[[ht.Store], None]:
    return lambda store: bring_in(store, [*JUNE, *(order(900 + n, "") for n in range(number))])


def labelled(*later: Row) -> Callable[[ht.Store], None]:
    def make(store: ht.Store) -> None:
        bring_in(store, JUNE)
        ht.classify(store)
        bring_in(store, list(later), "b.csv")

    return make


def looked_for_repeats(*later: Row) -> Callable[[ht.Store], None]:
    def make(store: ht.Store) -> None:
        bring_in(store, JUNE)
        ht.find_repeats(store)
        bring_in(store, list(later), "b.csv")

    return make


def answered(number: int, **cells: str) -> Callable[[ht.Store], None]:
    """June with ``number`` orders more whose cells are others."""
    more = [order(900 + n, "2025-06-10", **cells) for n in range(number)]
    return lambda store: bring_in(store, [*JUNE, *more])


NEW = order(901, "2025-06-20", "建设路9号井盖破损，有人摔倒")
CHANGED = order(0, "2025-06-01", "春晖路0号路灯不亮，另有井盖破损")
ELSEWHERE = order(902, "2025-07-20", "建设路9号井盖破损，有人摔倒")
SILENCES = [
    Silence("5 of 95 without a time", with_undated(5),
            NoteKind.EXCLUDED, "另有 5 件没有受理时间", None, True),
    Silence("1 of 91 without a time", with_undated(1),
            NoteKind.EXCLUDED, "另有 1 件没有受理时间", None, False),
    Silence("an order after the labels", labelled(NEW), NoteKind.STALE, "^1 件尚未归类", "labels", True),
    Silence("an order after the repeats", looked_for_repeats(NEW), NoteKind.STALE,
            "^1 件是最近一次重复识别之后", "issues", True),
    Silence("a rating that no map knows, 10 of 100", answered(10, 满意度="还凑合"), NoteKind.EXCLUDED,
            r"10 件的满意度没有对照（还凑合 10）.*\[values.satisfaction\]", "satisfaction", True),
    Silence("a rating that no map knows, 2 of 92", answered(2, 满意度="还凑合"), NoteKind.EXCLUDED,
            r"2 件的满意度没有对照（还凑合 2）", "satisfaction", False),
    Silence("an answer that no map knows", answered(10, 是否解决="天晓得"), NoteKind.EXCLUDED,
            r"10 件的是否解决没有对照（天晓得 10）.*\[values.resolved\]", "resolved", True),
    Silence("a state that no map knows", answered(10, 工单状态="流转中转", 办结时间=""), NoteKind.EXCLUDED,
            r"10 件的状态没有对照（流转中转 10）.*\[values.status\]", "status", True),
    Silence("a request type that no map knows", answered(10, 诉求类型="甲类"), NoteKind.EXCLUDED,
            r"10 件的诉求类型没有对照（甲类 10）.*\[values.request_type\]", "request_type", True),
    Silence("a week without orders",
            lambda store: bring_in(store, daily("2025-05-01", 61, skip=tuple(range(40, 47)))), NoteKind.GAP,
            "2025-06-10 至 2025-06-16 没有工单（7 天，平常约 21 件）", None, True),
    Silence("two days without orders", lambda store: bring_in(store, daily("2025-05-01", 61, 9, (40, 41))),
            NoteKind.GAP, "2025-06-10 至 2025-06-11 没有工单（2 天，平常约 18 件）", None, False),
]  # fmt: skip


JUDGES = ("trend", "categories", "repeats")
"""Reports that are touched by the days alone, by labels, and by repeat issues, ratings and states."""


@pytest.mark.parametrize("silence", SILENCES, ids=[item.why for item in SILENCES])
def test_a_silence_is_said_where_it_touches(silence: Silence, store: ht.Store) -> None:
    silence.make(store)
    query = Query(period=parse_period(PERIOD, today=date(2025, 7, 1)))
    for name in JUDGES:
        report = reports()[name]
        table = ht.report(store, name, period=PERIOD)
        touched = silence.touched is None or silence.touched in touched_by(report, query)
        found = told(table, silence.kind, silence.says)
        assert len(found) == touched, f"{name}: {table.notes}"
        about_labels = silence.touched != "labels" or report.needs_labels
        assert table.incomplete or not (touched and silence.misleading and about_labels), name


AMISS: list[tuple[Touched | None, NoteKind, str]] = [
    (None, NoteKind.EXCLUDED, "另有 4 件没有受理时间"),
    (None, NoteKind.GAP, "2025-06-10 至 2025-06-16 没有工单"),
    ("labels", NoteKind.STALE, "^1 件尚未归类"),
    ("labels", NoteKind.STALE, "^1 件在归类之后改了标题或内容"),
    ("issues", NoteKind.STALE, "^2 件是最近一次重复识别之后"),
    ("satisfaction", NoteKind.EXCLUDED, "6 件的满意度没有对照（还凑合 6）"),
    ("resolved", NoteKind.EXCLUDED, "5 件的是否解决没有对照（天晓得 5）"),
    ("status", NoteKind.EXCLUDED, "3 件的状态没有对照（流转中转 3）"),
    ("request_type", NoteKind.EXCLUDED, "7 件的诉求类型没有对照（甲类 7）"),
]
"""All at once: what is touched, and what is said of it."""


@pytest.fixture(scope="module")
def amiss(tmp_path_factory: pytest.TempPathFactory) -> ht.Store:
    """A store with a fault of every kind."""
    store = ht.Store.open(tmp_path_factory.mktemp("amiss") / "store", create=True)
    cells = [({"满意度": "还凑合"}, 6), ({"是否解决": "天晓得"}, 5), ({"诉求类型": "甲类"}, 7),
             ({"工单状态": "流转中转", "办结时间": ""}, 3)]  # fmt: skip
    odd = [
        order(500 + 10 * k + n, "2025-06-20", **c) for k, (c, many) in enumerate(cells) for n in range(many)
    ]
    undated = [order(900 + n, "") for n in range(4)]
    bring_in(store, [*daily("2025-05-01", 61, skip=tuple(range(40, 47))), *odd, *undated])
    ht.classify(store)
    ht.find_repeats(store)
    changed = order(3 * 31, "2025-06-01", "春晖路{}号路灯不亮，另有井盖破损")
    bring_in(store, [order(990, "2025-06-20", "建设路{}号井盖破损"), changed], "b.csv")
    return store


@pytest.mark.parametrize("name", ALL)
def test_every_report_says_all_that_touches_it(name: str, amiss: ht.Store) -> None:
    table = ht.report(amiss, name, period=PERIOD)
    touched = touched_by(reports()[name], Query())
    for what, kind, words in AMISS:
        expected = what is None or what in touched
        assert bool(told(table, kind, words)) == expected, f"{words}: {table.notes}"
    assert table.incomplete


QUIET = [
    ("every day has orders", lambda store: bring_in(store, JUNE)),
    ("labels and repeats of all orders", labelled()),
    ("nothing came after the repeats", looked_for_repeats()),
    ("a later order of another month", looked_for_repeats(ELSEWHERE)),
    ("the same text, another state",
     looked_for_repeats(order(0, "2025-06-01", 工单状态="办理中", 办结时间=""))),
    ("offices without orders at weekends", lambda store: bring_in(
        store, daily("2025-05-05", 56, 9, tuple(n for n in range(56) if n % 7 > 4)))),
    ("a holiday of an office (端午节 2025-06-02)", lambda store: bring_in(
        store, daily("2025-05-05", 56, 9, (28, *(n for n in range(56) if n % 7 > 4))))),
    ("few orders a week", lambda store: bring_in(
        store, [order(n, str(date(2025, 5, 1) + timedelta(days=5 * n))) for n in range(16)])),
    ("an order of a wrong year long before",
     lambda store: bring_in(store, [order(999, "2015-01-01"), *JUNE])),
    ("the source begins in the month", lambda store: bring_in(store, daily("2025-06-12", 19))),
]  # fmt: skip


@pytest.mark.parametrize(("why", "make"), QUIET, ids=[why for why, _ in QUIET])
def test_nothing_is_said_where_nothing_is_amiss(
    why: str, make: Callable[[ht.Store], None], store: ht.Store
) -> None:
    make(store)
    table = ht.report(store, "repeats", period=PERIOD)
    assert not told(table, NoteKind.STALE, "repeats")
    assert not told(table, NoteKind.GAP, "")
    assert not told(table, NoteKind.EXCLUDED, "没有对照|没有受理时间")


def test_a_text_that_changed_after_the_labels(store: ht.Store) -> None:
    labelled(CHANGED)(store)
    (said,) = told(ht.report(store, "categories", period=PERIOD), NoteKind.STALE, "")
    assert said.startswith("1 件在归类之后改了标题或内容")
    assert ht.classify(store).rows == 1
    assert not told(ht.report(store, "categories", period=PERIOD), NoteKind.STALE, "")


def test_a_text_that_changed_after_the_repeats(store: ht.Store) -> None:
    looked_for_repeats(CHANGED)(store)
    assert told(ht.report(store, "repeats", period=PERIOD), NoteKind.STALE, "^1 件是最近一次重复识别之后")
    assert not told(ht.report(store, "repeats", period="2025-05"), NoteKind.STALE, "")
    ht.find_repeats(store)
    assert not told(ht.report(store, "repeats", period=PERIOD), NoteKind.STALE, "hotline repeats")


def test_an_undo_brings_a_text_back_that_the_labels_do_not_know(store: ht.Store) -> None:
    bring_in(store, JUNE)
    bring_in(store, [CHANGED], "b.csv")
    ht.classify(store)
    ht.find_repeats(store)
    store.undo(max(store.import_ids()))
    table = ht.report(store, "repeats", period=PERIOD)
    assert told(table, NoteKind.STALE, "^1 件在归类之后改了")
    assert told(table, NoteKind.STALE, "^1 件是最近一次重复识别之后")
    assert ht.classify(store).rows == 1


def test_a_report_of_the_command_line_classifies_changed_texts_anew(store: ht.Store) -> None:
    labelled(CHANGED, NEW)(store)
    ran = hotline("--store", "store", "report", "categories", "--period", PERIOD, cwd=store.path.parent)
    assert (ran.code, "尚未归类，类别" in ran.err + ran.out) == (0, False), ran
    assert ht.classify(store).rows == 0
    assert "核对" not in hotline("--store", "store", "report", "categories", cwd=store.path.parent).err


def test_a_store_of_an_older_version_is_judged_by_the_time_of_its_tables(store: ht.Store) -> None:
    bring_in(store, JUNE)
    ht.find_repeats(store)
    for name in ("derived_from.json", "issue_looked_at.parquet"):
        (store.path / "issues" / name).unlink()
    assert not told(ht.report(store, "repeats", period=PERIOD), NoteKind.STALE, "hotline repeats")
    bring_in(store, [NEW], "b.csv")
    assert told(ht.report(store, "repeats", period=PERIOD), NoteKind.STALE, "^1 件是最近一次重复识别之后")


def test_a_source_that_stops_midway(store: ht.Store) -> None:
    letters = ("信件编号", "来信时间", "来信标题", "来信内容", "办理状态")
    bring_in(store, daily("2025-05-01", 61))
    rows = [
        (f"L{n}", f"{date(2025, 5, 1) + timedelta(days=n // 3)} 09:00", "积水", f"东风路{n}号积水", "已办结")
        for n in range(3 * 40)
    ]
    ht.import_files(store, [export(store.path.parent / "letters.csv", rows, letters)])
    sources = {row["source"] for row in ht.sql(store, "SELECT DISTINCT source FROM orders").rows}
    if len(sources) < 2:
        pytest.skip("both exports are of one layout")
    (said,) = told(ht.report(store, "trend", period=PERIOD), NoteKind.GAP, "")
    assert "2025-06-10 至 2025-06-30 没有工单（21 天，平常约 63 件，此后再无工单）" in said


def test_a_gap_of_the_base_period_is_told_in_a_comparison(store: ht.Store) -> None:
    bring_in(store, daily("2025-04-01", 91, skip=tuple(range(40, 48))))
    table = ht.report(store, "trend", period=PERIOD, by="department", compare="previous")
    assert told(table, NoteKind.GAP, "2025-05-11 至 2025-05-18")
    assert table.incomplete
    assert not told(ht.report(store, "trend", period=PERIOD), NoteKind.GAP, "")


def test_a_gap_is_told_in_the_same_words_whatever_it_is_compared_with(store: ht.Store) -> None:
    # From 28 May to 5 June: a part of the gap in each of two months.
    bring_in(store, [*daily("2024-06-01", 30, each=1), *daily("2025-03-01", 122, skip=tuple(range(88, 97)))])
    alone = told(ht.report(store, "trend", period=PERIOD), NoteKind.GAP, "2025-06")
    assert len(alone) == 1
    for base in ("previous", "last-year", "previous,last-year"):
        compared = ht.report(store, "trend", period=PERIOD, by="department", compare=base)
        assert told(compared, NoteKind.GAP, "2025-06-0") == alone


TOUCHING = {
    "issues": r"\bissued\b|issue_members",
    "satisfaction": r"\bsatisfaction\b",
    "resolved": r"\bresolved\b",
    "status": r"\bstatus\b",
    "request_type": r"\brequest_type\b",
}
"""What a statement reads → how it is written there."""


@pytest.mark.parametrize("name", ALL)
def test_a_report_declares_what_its_statement_reads(name: str) -> None:
    report = reports()[name]
    statement = report.sql(Query(period=parse_period(PERIOD, today=date(2025, 7, 1))))
    read = {what for what, words in TOUCHING.items() if re.search(words, statement)}
    touched = touched_by(report, Query()) - {"labels", "profile", "responded"}
    assert read <= touched | ({"request_type"} if "profile" in report.touches else set())


def test_a_profile_that_counts_no_repeats_does_not_wait_for_them() -> None:
    departments = reports()["departments"]
    assert "issues" in touched_by(departments, Query())
    assert "issues" not in touched_by(departments, Query(profile=find_profile("message-board")))


@pytest.mark.skipif(not CASES.exists(), reason="needs the shared data")
def test_case_06(store: ht.Store) -> None:
    ht.import_files(store, [CASES / "06_stale_label" / "v1.csv"])
    ht.classify(store)
    ht.import_files(store, [CASES / "06_stale_label" / "v2.csv"])
    total = store.info().orders
    (said,) = told(ht.report(store, "categories"), NoteKind.STALE, "")
    assert said.startswith(f"{total} 件在归类之后改了")
    hotline("--store", "store", "report", "categories", cwd=store.path.parent)
    table = ht.report(store, "categories")
    assert not told(table, NoteKind.STALE, "")
    assert [(row["category"], row["orders"]) for row in table.rows] == [("市政设施", total)]


@pytest.mark.skipif(not CASES.exists(), reason="needs the shared data")
def test_case_10(store: ht.Store) -> None:
    report = ht.import_files(store, [CASES / "10_silent_undated.csv"])
    undated = ht.sql(store, "SELECT count(*) AS n FROM orders WHERE received_at IS NULL").rows[0]["n"]
    notes = "".join(note for record in report.records for note in record.notes)
    assert (f"{undated} 件没有可读的受理时间" in notes) is bool(undated)
    for name in ALL:
        found = told(
            ht.report(store, name, period=PERIOD), NoteKind.EXCLUDED, f"另有 {undated} 件没有受理时间"
        )
        assert len(found) == bool(undated), name
