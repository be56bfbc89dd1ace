"""Golden tests of the counting reports: every figure is worked out by hand beside the orders."""

from datetime import date
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.errors import UsageError
from hotline_tools.render.columns import drawn_columns
from hotline_tools.reports.catalog import agreement, areas, channels, cross, hours, pareto, trend
from hotline_tools.reports.period import Period, month
from hotline_tools.reports.query import Query
from hotline_tools.reports.time_steps import steps


def picked(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# 2025-06-02 is a Monday. Seven orders: Mon 2 June (2: 08:10, 08:50), Wed 4 June (1: 20:00),
# Tue 10 June (3: 08:00, 09:30, 09:59), one without a time.
SMALL = database_of(
    [
        {
            "received_at": "2025-06-02 08:10",
            "category": "物业管理",
            "street": "甲街",
            "channel": "12345热线",
            "satisfaction": "satisfied",
            "status": "closed",
            "caller_key": "a",
            "original_category": "物业管理/电梯",
        },
        {
            "received_at": "2025-06-02 08:50",
            "category": "物业管理",
            "street": "甲街",
            "channel": "12345热线",
            "satisfaction": "dissatisfied",
            "status": "closed",
            "caller_key": "a",
            "original_category": "物业管理",
        },
        {
            "received_at": "2025-06-04 20:00",
            "category": "噪声",
            "street": "甲街",
            "channel": "网站",
            "satisfaction": "unrated",
            "status": "open",
            "caller_key": "b",
            "original_category": "环保/噪声",
        },
        {
            "received_at": "2025-06-10 08:00",
            "category": "噪声",
            "street": "乙街",
            "channel": "网站",
            "satisfaction": "basically",
            "closed_at": "2025-06-11",
            "original_category": "噪声",
        },
        {
            "received_at": "2025-06-10 09:30",
            "category": "噪声",
            "street": "乙街",
            "channel": "12345热线",
            "original_category": "物业管理",
        },
        {"received_at": "2025-06-10 09:59", "category": "供水", "street": None, "channel": None},
        {"category": "供水", "street": "乙街", "channel": "12345热线"},
    ]
)


def test_trend_by_week_counts_empty_steps_and_marks_the_cut_one() -> None:
    # Days in view: 2 June to 10 June (last order). W23 = 2-8 June, whole, 3 orders;
    # W24 = 9-10 June only, 3 orders, 1.5 a day, no change shown as the step is cut.
    table = trend.compute(SMALL, Query(granularity="week"))
    assert picked(table.rows, "step", "orders", "change", "days", "per_day", "whole") == [
        ("2025-W23", 3, None, 7, 3 / 7, True),
        ("2025-W24", 3, None, 2, 1.5, False),
    ]
    assert table.totals == {"orders": 7, "dated": 6, "steps": 2}
    assert any("1 件没有受理时间" in note for note in table.notes)


def test_trend_by_day_has_a_zero_row_for_a_day_without_orders() -> None:
    # Nine days are within two months: steps of a day without asking.
    table = trend.compute(SMALL, Query())
    assert picked(table.rows, "orders") == [(2,), (0,), (1,), (0,), (0,), (0,), (0,), (0,), (3,)]
    assert picked(table.rows, "change")[:3] == [(None,), (-2,), (1,)]


def test_trend_by_level_folds_the_small_series() -> None:
    # Dated orders: 噪声 3, 物业管理 2, 供水 1 → with top 1 the other two are one line of 3.
    table = trend.compute(SMALL, Query(by="category", granularity="month", top=1))
    assert picked(table.rows, "series", "orders") == [("噪声", 3), ("其余 2 项", 3)]
    assert table.chart is not None
    assert table.chart.series == "series"


STEP_CASES = [
    ("ISO week 1 of 2021 begins in 2021, the days before are 2020-W53", "week", "2021-01-01", "2021-01-05",
     [("2020-W53", 3, False), ("2021-W01", 1, False)]),
    ("29 December 2025 is in 2026-W01", "week", "2025-12-29", "2026-01-05", [("2026-W01", 7, True)]),
    ("a leap February is whole with 29 days", "month", "2024-02-01", "2024-03-01", [("2024-02", 29, True)]),
    ("December runs into January", "month", "2024-12-31", "2025-01-02",
     [("2024-12", 1, False), ("2025-01", 1, False)]),
    ("quarters", "quarter", "2025-02-01", "2025-07-01", [("2025Q1", 59, False), ("2025Q2", 91, True)]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unit", "first", "end", "expected"), STEP_CASES, ids=lambda v: str(v)[:50])
def test_steps(what: str, unit: Any, first: str, end: str, expected: list[tuple[str, int, bool]]) -> None:
    found = steps(date.fromisoformat(first), date.fromisoformat(end), unit)
    assert [(s.label, s.days, s.is_whole) for s in found] == expected, what


def test_a_period_beyond_the_data_is_cut_to_it() -> None:
    table = trend.compute(SMALL, Query(period=month(2025, 6), granularity="month"))
    assert picked(table.rows, "orders", "days", "whole") == [(6, 9, False)]


def test_hours_put_orders_at_their_weekday_and_hour() -> None:
    # Monday 8 h: 2; Wednesday 20 h: 1; Tuesday 8 h: 1, 9 h: 2. Mondays in view: 2 and 9 June.
    table = hours.compute(SMALL, Query())
    busy = {
        (r["weekday"], r["hour"]): (r["orders"], r["days"], r["per_day"]) for r in table.rows if r["orders"]
    }
    assert busy == {
        ("周一", 8): (2, 2, 1.0), ("周二", 8): (1, 2, 0.5),
        ("周二", 9): (2, 2, 1.0), ("周三", 20): (1, 1, 1.0),
    }  # fmt: skip
    assert len(table.rows) == 168
    assert sum(float(str(r["share"])) for r in table.rows) == pytest.approx(1)


def test_hours_leave_out_dates_without_a_time_of_day() -> None:
    table = hours.compute(
        database_of([{"received_at": "2025-06-02"}, {"received_at": "2025-06-02 08:00"}]), Query()
    )
    assert table.totals == {"orders": 1, "share": 1.0, "left_out": 1}
    assert "1 件的受理时间只有日期" in table.notes[0]
    only_dates = hours.compute(database_of([{"received_at": "2025-06-02"}]), Query())
    assert only_dates.rows == []
    assert only_dates.incomplete


def test_channels_have_shares_and_satisfaction_with_counts() -> None:
    # 12345热线 4 of 7, rated 2 of which 1 satisfied; 网站 2, rated 1 (basically); 1 without either.
    table = channels.compute(SMALL, Query())
    assert picked(table.rows, "channel", "orders", "share", "closed", "satisfied_rate",
                  "satisfied_rate_numerator", "satisfied_rate_denominator") == [
        ("12345热线", 4, 4 / 7, 2, 0.5, 1, 2),
        ("网站", 2, 2 / 7, 1, 1.0, 1, 1),
        ("（未填写）", 1, 1 / 7, None, None, 0, 0),
    ]  # fmt: skip


def test_cross_has_every_pair_and_its_residual() -> None:
    # Orders with street and category: 6. 甲街: 物业 2, 噪声 1; 乙街: 噪声 2, 供水 1. 噪声 3, 物业 2, 供水 1.
    # Expected of (甲街, 物业) = 3·2/6 = 1; variance 1·(1-3/6)·(1-2/6) = 1/3; residual = 1/√(1/3) = √3.
    table = cross.compute(SMALL, Query())
    cells = {(r["area"], r["category"]): (r["orders"], r["expected"]) for r in table.rows}
    assert cells == {
        ("乙街", "噪声"): (2, 1.5), ("乙街", "物业管理"): (0, 1.0), ("乙街", "供水"): (1, 0.5),
        ("甲街", "噪声"): (1, 1.5), ("甲街", "物业管理"): (2, 1.0), ("甲街", "供水"): (0, 0.5),
    }  # fmt: skip
    residual = next(r["residual"] for r in table.rows if (r["area"], r["category"]) == ("甲街", "物业管理"))
    assert residual == pytest.approx(3**0.5)
    assert any("1 件缺少" in note for note in table.notes)
    assert table.totals == {"orders": 7, "counted": 6, "areas": 2}


def test_cross_by_subcategory_stands_against_streets_and_says_so() -> None:
    rows = [
        {"street": "甲街", "subcategory": "电梯"},
        {"street": "乙街", "subcategory": "电梯"},
        {"street": "甲街"},
    ]
    table = cross.compute(database_of(rows), Query(by="subcategory"))
    assert (table.title, [column.label for column in table.columns[:2]]) == ("子类 × 镇街", ["子类", "镇街"])
    assert picked(table.rows, "area", "category", "orders") == [("电梯", "乙街", 1), ("电梯", "甲街", 1)]
    assert table.totals == {"orders": 3, "counted": 2, "areas": 1}
    assert any("1 件缺少子类或镇街" in note for note in table.notes)
    assert not table.incomplete


def test_agreement_counts_what_carries_the_same_name() -> None:
    # Five orders have both. 物业管理: 物业管理 2, 噪声 1; 环保: 噪声 1; 噪声: 噪声 1.
    # Same names exist for 物业管理 and 噪声: 4 orders, 3 agree. Chance = (3·2 + 1·2)/16 = 0.5;
    # kappa = (0.75 - 0.5)/0.5 = 0.5. Best counterpart: 2 + 1 + 1 = 4 of 5.
    table = agreement.compute(SMALL, Query())
    assert picked(table.rows, "original", "category", "orders", "share_in_original", "same_name") == [
        ("物业管理", "物业管理", 2, 2 / 3, True), ("物业管理", "噪声", 1, 1 / 3, False),
        ("噪声", "噪声", 1, 1.0, True), ("环保", "噪声", 1, 1.0, False),
    ]  # fmt: skip
    assert table.totals == {
        "agreement_rate": 0.75, "agreement_rate_numerator": 3, "agreement_rate_denominator": 4,
        "kappa": 0.5,
        "counterpart_rate": 0.8, "counterpart_rate_numerator": 4, "counterpart_rate_denominator": 5,
    }  # fmt: skip
    assert any("同名一致率 75.0%（3/4）" in note and "（kappa）为 0.50" in note for note in table.notes)


def test_agreement_without_the_exports_own_categories_says_so_once() -> None:
    table = agreement.compute(database_of([{"category": "噪声"}, {"category": "噪声"}]), Query())
    assert [note.text for note in table.notes] == ["无法计算与原分类的一致性：范围内的工单都没有填“原分类”。"]


def test_a_difference_from_the_day_before_is_read_with_its_sign() -> None:
    table = trend.compute(SMALL, Query())
    (change,) = [column for column in drawn_columns(table) if column.field.name == "change"]
    assert [change.text(row) for row in table.rows][:3] == ["—", "-2", "+1"]


def test_pareto_accumulates_to_one() -> None:
    # 噪声 3, 供水 2, 物业管理 2 of 7 → 3/7, 5/7, 1; the third still begins below 80 %.
    table = pareto.compute(SMALL, Query(by="category"))
    assert picked(table.rows, "item", "cumulative_orders", "cumulative_share", "vital") == [
        ("噪声", 3, 3 / 7, True), ("供水", 5, 5 / 7, True), ("物业管理", 7, 1.0, True)
    ]  # fmt: skip


def test_a_level_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(UsageError, match="category"):
        areas.compute(SMALL, Query(by="category"))


def test_the_period_is_used() -> None:
    first_week = Period(date(2025, 6, 2), date(2025, 6, 9), "w")
    assert channels.compute(SMALL, Query(period=first_week)).totals["orders"] == 3
