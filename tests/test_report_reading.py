"""What a stranger misread in a table, and what the table says or does about it."""

from pathlib import Path

import pytest

import hotline_tools as ht
from helpers import database_of
from hotline_tools.errors import UsageError
from hotline_tools.reports.compare.periods import base_periods
from hotline_tools.reports.period import Period, month, year
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.table import ReportTable

EACH_DAY = [{"received_at": f"2021-06-{day:02} 09:00", "channel": "电话"} for day in range(1, 31)]


def ask(name: str, rows: list[dict[str, object]], query: Query) -> ReportTable:
    table = find_report(name).compute(database_of(rows), query)
    assert isinstance(table, ReportTable)
    return table


def told(table: ReportTable) -> str:
    return "\n".join(note.text for note in table.notes)


def test_weekdays_that_come_up_more_often_are_named() -> None:
    assert "周二、周三各有 5 天，其余 4 天" in told(ask("hours", EACH_DAY, Query(period=month(2021, 6))))


@pytest.mark.parametrize("period", [month(2021, 2), year(2021)])
def test_weekdays_that_come_up_alike_need_no_note(period: Period) -> None:
    """Four weeks have each weekday four times; in a year one more or less is nothing."""
    rows = [{"received_at": f"2021-{m:02}-{d:02} 09:00"} for m in (1, 2, 12) for d in range(1, 29)]
    assert "各有" not in told(ask("hours", rows, Query(period=period)))


def test_units_of_the_ledger_stand_by_their_orders_and_months_by_time() -> None:
    rows = [
        {"received_at": f"2021-0{m}-03 09:00", "department": unit, "status": "open"}
        for m, unit, number in ((5, "甲局", 1), (5, "乙局", 3), (6, "乙局", 1), (6, "丙局", 2))
        for _ in range(number)
    ]
    units = ask("ledger", rows, Query(by="department"))
    assert [(row["unit"], row["opened"]) for row in units.rows] == [("乙局", 4), ("丙局", 2), ("甲局", 1)]
    months = ask("ledger", rows, Query())
    assert [row["opened"] for row in months.rows] == [4, 3]


def test_rates_that_look_past_the_moment_say_so(briefing_year: Path) -> None:
    store = ht.Store.open(briefing_year / "hotline-store")
    said = "重复诉求率、办结后又来率看其后是否再来，也看此刻之后的来件"
    assert said in told(ht.report(store, "departments", period="2021-06"))
    assert said not in told(ht.report(store, "departments", period="2021-06", as_of="2021-07-01"))
    rows = [{"received_at": "2021-06-03 09:00", "closed_at": "2021-06-04 09:00", "department": "甲局"}]
    assert "其后是否再来" not in told(ask("departments", rows, Query()))  # no issues: no such rates


@pytest.mark.parametrize(
    ("subcategory", "is_dispute"),
    [("矛盾纠纷", True), ("医患纠纷", True), ("消费纠纷与退款", False), ("噪声扰民", False)],
)
def test_a_refund_is_no_dispute_between_people(subcategory: str, is_dispute: bool) -> None:
    rows = [
        {
            "received_at": "2021-06-03 09:00",
            "subcategory": subcategory,
            "status": "closed",
            "district": "甲区",
        }
    ]
    (row, *_) = ask("levels", rows, Query(period=month(2021, 6))).rows
    assert (row["dispute_rate_denominator"] or 0) == int(is_dispute)


def test_a_report_whose_rows_cannot_be_subtracted_says_just_that() -> None:
    with pytest.raises(UsageError, match="reconcile 的各行在两个时间段之间不能相减"):
        base_periods(find_report("reconcile"), Query(period=month(2021, 6), compare="previous"))


def test_counts_of_part_of_a_week_are_not_subtracted() -> None:
    """June 2021 begins on a Tuesday, May on a Saturday: six days of orders are no rise over two."""
    days = [f"2021-05-{day:02}" for day in range(1, 32)] + [f"2021-06-{day:02}" for day in range(1, 31)]
    database = database_of([{"received_at": f"{day} 09:00"} for day in days for _ in range(12)])
    query = Query(period=month(2021, 6), compare="previous", granularity="week")
    table = run_report(find_report("trend"), database, query)
    rows = {row["step"]: row for row in table.rows}
    first, whole = rows["2021-W22"], rows["2021-W23"]
    assert (first["orders"], first["orders_then"], first["orders_change"]) == (72, 24, None)
    assert "orders_change_is_noise" not in first or first["orders_change_is_noise"] is None
    assert (whole["orders"], whole["orders_then"], whole["orders_change"]) == (84, 84, 0)
    assert first["per_day_change"] == 0 and table.totals["orders_change"] == 360 - 372
    assert "（日均、得分、时长、名次）的变化没有检验" in told(table)
