"""``report seasonal``: rises of earlier years in the ISO weeks to come, counted by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.reports.catalog import seasonal
from hotline_tools.reports.period import month
from hotline_tools.reports.period import year as year_of
from hotline_tools.reports.query import Query
from hotline_tools.table import NoteKind

# 2025 is at the end of ISO week 43; the six weeks to come are 44 to 49, those before 38 to 43.
BEFORE, AHEAD = range(38, 44), range(44, 50)


def week(year: int, number: int, orders: int, item: str) -> list[dict[str, Any]]:
    monday = date.fromisocalendar(year, number, 1)
    return [
        {"received_at": f"{monday + timedelta(days=n % 7)} 10:00", "category": "类", "subcategory": item}
        for n in range(orders)
    ]


def heating_and_noise(*years: int) -> list[dict[str, Any]]:
    """供暖: 2 a week before, 10 a week after; 噪声: 5 a week always. In 2025 only what comes before."""
    rows = []
    for year in years:
        for number in (*BEFORE, *AHEAD):
            rows += week(year, number, 5, "噪声") + week(year, number, 2 if number in BEFORE else 10, "供暖")
    for number in BEFORE:
        rows += week(2025, number, 5, "噪声") + week(2025, number, 3, "供暖")
    return [*rows, *week(2025, 43, 7, "噪声")]


def test_what_rose_in_both_years_is_listed_with_its_counts() -> None:
    table = seasonal.compute(database_of(heating_and_noise(2023, 2024)), Query())
    (row,) = table.rows
    assert {name: row[name] for name in ("item", "recent", "before", "ahead", "rise", "years_risen")} == {
        "item": "供暖", "recent": 18, "before": 24, "ahead": 120, "rise": 96, "years_risen": 2,
    }  # fmt: skip
    assert row["years"] == ["2024年 12→60", "2023年 12→60"]
    assert row["times"] == 5
    assert table.period == "2025-10-27 至 2025-12-07"
    assert table.totals == {"items": 1, "years": 2}
    assert not table.incomplete


@pytest.mark.parametrize(
    ("years", "said", "rows", "incomplete"),
    [((), "无从判断", 0, True), ((2024,), "只有 2024 年一年可比", 1, False)],
    ids=["no earlier year", "one earlier year is no season"],
)
def test_too_few_years_are_said(years: tuple[int, ...], said: str, rows: int, incomplete: bool) -> None:
    table = seasonal.compute(database_of(heating_and_noise(*years)), Query())
    assert said in "".join(
        note.text for note in table.notes if note.kind in (NoteKind.MISSING, NoteKind.QUALITY)
    )
    assert (len(table.rows), table.incomplete) == (rows, incomplete)


def test_the_weeks_to_come_follow_the_period() -> None:
    """From the end of 2024-10 on: of 2023 only, and nothing of what came after the period is looked at."""
    table = seasonal.compute(database_of(heating_and_noise(2023, 2024)), Query(period=month(2024, 10)))
    assert table.period == "2024-10-28 至 2024-12-08"
    assert [row["years"] for row in table.rows] == [["2023年 12→60"]]
    assert [row["recent"] for row in table.rows] == [12]


def test_a_53rd_week_is_held_against_the_last_of_shorter_years() -> None:
    """2026 has 53 ISO weeks, 2025 has 52: weeks 53, 1, 2 … to come are held against 52, 1, 2 … of then.

    Noise comes daily; fireworks in weeks 1 to 6 of 2026, of which weeks 1 to 5 answer to what is to come.
    """
    rows = [row for number in range(40, 53) for row in week(2025, number, 7, "噪声")]
    rows += [row for number in range(1, 53) for row in week(2026, number, 7, "噪声")]
    rows += [row for number in range(1, 7) for row in week(2026, number, 20, "烟花")]
    table = seasonal.compute(database_of(rows), Query())
    assert table.period == "2026-12-28 至 2027-02-07"
    assert table.totals == {"items": 1, "years": 1}
    assert [(row["item"], row["years"]) for row in table.rows] == [("烟花", ["2025年 0→100"])]


def test_a_week_that_is_not_over_is_one_to_come() -> None:
    """The last order is of a Thursday: its week is the first of those looked ahead to."""
    rows = [row for number in range(40, 53) for row in week(2025, number, 4, "噪声")]
    assert seasonal.compute(database_of(rows), Query()).period.startswith("2025-12-22")


def test_a_period_that_reaches_beyond_the_data_is_cut_there() -> None:
    """The period ends with the year, the data with ISO week 43: what comes next is week 44."""
    table = seasonal.compute(database_of(heating_and_noise(2023, 2024)), Query(period=year_of(2025)))
    assert table.period == "2025-10-27 至 2025-12-07"
    assert [row["recent"] for row in table.rows] == [18]


def test_no_orders_and_orders_without_a_time_are_said() -> None:
    assert not seasonal.compute(database_of([]), Query()).incomplete
    undated = seasonal.compute(database_of([{"category": "类", "subcategory": "噪声"}]), Query())
    assert undated.incomplete
    assert "受理时间" in "".join(note.text for note in undated.notes if note.kind is NoteKind.MISSING)
