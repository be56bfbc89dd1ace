"""口径变动: what two periods count differently is told beside the comparison; what may be chance is not."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pytest

from helpers import MemoryDatabase, orders_table
from hotline_tools.reports.period import Period, cycle, month
from hotline_tools.reports.query import BasePeriod, Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import NoteKind

MAY, JUNE = month(2025, 5), month(2025, 6)
Rows = list[dict[str, Any]]


def orders(number: int, period: Period, **same: Any) -> Rows:
    """So many orders, spread over the first 28 days of a period."""
    plain = {"source": "hotline", "channel": "电话", "category": "类", "subcategory": "噪声"}
    return [
        {"received_at": f"{period.start.replace(day=1 + n % 28)} 10:00", **plain, **same}
        for n in range(number)
    ]


def later(number: int, period: Period, first: int, last: int = 28, **same: Any) -> Rows:
    """So many orders of a board, spread over some days of a month."""
    days = last - first + 1
    return [
        {"source": "board", "received_at": f"{period.start.replace(day=first + n % days)} 09:00", **same}
        for n in range(number)
    ]


BOTH = orders(300, MAY) + orders(300, JUNE)


def told(rows: Rows, report: str = "categories", models: dict[str, str] | None = None, **query: Any) -> str:
    """Return the notes of a comparison; ``models``: month of an order → the model that labelled it."""
    table = orders_table(rows)
    others = {}
    if models:
        keys, times = table["order_key"].to_pylist(), table["received_at"].to_pylist()
        others["model_labels"] = pa.table({
            "order_key": keys,
            "taxonomy": ["内置 1"] * len(keys),
            "model": [models[f"{time:%m}"] for time in times],
        })  # fmt: skip
    asked = Query(**{"period": JUNE, "compare": "previous", **query})
    answer = run_report(find_report(report), MemoryDatabase(table, **others), asked)
    return "".join(n.text for n in answer.notes if n.kind is NoteKind.QUALITY and "口径变动" in n.text)


@dataclass(frozen=True)
class Case:
    """What two periods hold, and what is to be told of it (``""``: nothing)."""

    what: str
    rows: Rows
    said: str
    query: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case("the same sources and channels", BOTH, ""),
    Case("a source that came", BOTH + orders(60, JUNE, source="board", channel="网站"),
         "来源“board”只在本期有工单（60 件），对比期没有"),
    Case("a source that went", BOTH + orders(60, MAY, source="board", channel="网站"),
         "来源“board”只在对比期有工单（60 件），本期没有"),
    Case("a channel that came, of a source known before", BOTH + orders(60, JUNE, channel="微信"),
         "渠道“微信”只在本期有工单（60 件），对比期没有"),
    Case("a channel of few orders may be missing by chance", BOTH + orders(29, JUNE, channel="微信"), ""),
    Case("a day can lack what a month has", BOTH + orders(60, MAY, channel="微信"), "",
         {"compare": Period(JUNE.start, JUNE.start.replace(day=2), "2025-06-01")}),
    Case("orders that are not asked for", BOTH + orders(60, JUNE, channel="微信", department="甲局"), "",
         {"department": "乙局"}),
    Case("a source that begins inside the base", BOTH + later(60, MAY, 20) + later(60, JUNE, 1),
         "来源“board”在对比期自 2025-05-20 起才有工单（本期 60 件，对比期 60 件）"),
    Case("one that ends inside the period", BOTH + later(60, MAY, 1) + later(60, JUNE, 1, 12),
         "来源“board”在本期到 2025-06-12 为止，以后没有工单（本期 60 件，对比期 60 件）"),
    Case("one that begins within the first days", BOTH + later(60, MAY, 2) + later(60, JUNE, 1), ""),
    Case("one of so few orders that its first days may lack them by chance",
         BOTH + later(12, MAY, 5) + later(12, JUNE, 1), ""),
    Case("a month without data of a source that was there before",
         BOTH + later(60, month(2025, 4), 1) + later(60, JUNE, 1),
         "来源“board”只在本期有工单（60 件），对比期没有，但此前、此后都有，疑似缺数据"),
    Case("of those that are asked for alone",
         BOTH + later(60, MAY, 20) + later(57, JUNE, 1) + later(3, JUNE, 1, department="乙局"),
         "来源“board”在对比期自 2025-05-20 起才有工单（本期 3 件，对比期 0 件）", {"department": "乙局"}),
    Case("against last year by its name", orders(300, month(2024, 6)) + BOTH
         + orders(60, MAY, channel="微信") + orders(60, JUNE, channel="微信"),
         "渠道“微信”只在本期有工单（60 件），去年同期没有", {"compare": ("previous", "last-year")}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_source_or_channel_that_one_period_lacks_is_told(case: Case) -> None:
    rows = case.rows + orders(1, JUNE, department="乙局") + orders(1, MAY, department="乙局")
    said = told(rows, **case.query)
    assert case.said in said if case.said else not said


def test_the_channels_of_a_new_source_are_told_with_it() -> None:
    said = told(BOTH + orders(60, JUNE, source="board", channel="网站"))
    assert "渠道" not in said


@pytest.mark.parametrize("report", ["trend", "departments", "areas", "movers"])
def test_every_comparison_tells_it(report: str) -> None:
    rows = BOTH + orders(60, JUNE, channel="微信")
    rows = [{**row, "department": "甲局", "street": "甲街", "district": "甲区"} for row in rows]
    assert "渠道“微信”" in told(rows, report)


def test_movers_compare_with_the_period_before_unasked() -> None:
    assert "渠道“微信”" in told(BOTH + orders(60, JUNE, channel="微信"), "movers", compare=None)
    assert not told(BOTH + orders(60, JUNE, channel="微信"), "categories", compare=None)


@pytest.mark.parametrize(
    ("report", "models", "said"),
    [
        ("categories", {"05": "甲", "06": "甲"}, ""),
        ("categories", {"05": "甲", "06": "乙"}, "“乙”（分类体系“内置 1”）：本期 300 件，对比期 0 件"),
        ("trend", {"05": "甲", "06": "乙"}, ""),
    ],
    ids=["one model", "another model", "a report without labels"],
)
def test_categories_of_different_models_are_told(report: str, models: dict[str, str], said: str) -> None:
    notes = told(BOTH, report, models)
    assert said in notes if said else not notes


@pytest.mark.parametrize(
    ("period", "base", "said"),
    [
        (cycle(2025, 6, 19), "previous", False),
        (cycle(2025, 6, 19), cycle(2025, 5, 19), False),
        (cycle(2025, 6, 19), cycle(2025, 5, 26), True),
        (cycle(2025, 6, 19), MAY, True),
        (JUNE, cycle(2025, 5, 19), True),
        (JUNE, "last-year", False),
    ],
)
def test_cycles_of_other_days_are_told(period: Period, base: BasePeriod, said: bool) -> None:
    rows = BOTH + orders(300, month(2025, 4)) + orders(300, month(2024, 6))
    assert ("起止日不同" in told(rows, period=period, compare=base)) is said


@pytest.mark.parametrize("lacking", [MAY, JUNE], ids=["the base", "the present period"])
def test_a_rate_that_one_period_cannot_show_is_told(lacking: Period) -> None:
    """Satisfaction is exported in one of the months alone: no rate falls to or rises from 0."""

    def month_of(period: Period) -> Rows:
        answered = (
            {}
            if period is lacking
            else {"satisfaction": "satisfied", "revisited_at": f"{period.start} 12:00"}
        )
        closed = {"closed_at": f"{period.start} 11:00", "status": "closed", "department": "甲局"}
        return orders(40, period, **closed, **answered)

    table = run_report(
        find_report("departments"),
        MemoryDatabase(orders_table(month_of(MAY) + month_of(JUNE))),
        Query(period=JUNE, compare="previous"),
    )
    missing = [note.text for note in table.notes if note.kind is NoteKind.MISSING and "满意率" in note.text]
    assert missing, table.notes
    (row,) = [row for row in table.rows if row["unit"] == "甲局"]
    gone = "satisfied_rate_then" if lacking is MAY else "satisfied_rate"
    assert row.get(gone) is None
    assert row.get("satisfied_rate_change") is None
