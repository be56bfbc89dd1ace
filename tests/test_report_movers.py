"""Movers: real changes before chance, with their counts."""

from typing import Any

from helpers import database_of
from hotline_tools.reports.catalog.movers import REPORT, compute
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.run import run_report
from hotline_tools.reports.statistics import counts_p


def some(day: str, item: str, number: int) -> list[dict[str, Any]]:
    return [{"received_at": day, "subcategory": item}] * number


# May → June: 供暖 100 → 20 falls, 噪声 20 → 60 rises, 停车 30 → 33 may be chance, 电梯 2 → 3 has no base;
# a year before: 供暖 10.
DATABASE = database_of(
    some("2025-05-10", "供暖", 100) + some("2025-06-10", "供暖", 20) + some("2025-05-10", "噪声", 20)
    + some("2025-06-10", "噪声", 60) + some("2025-05-10", "停车", 30) + some("2025-06-30", "停车", 33)
    + some("2025-05-10", "电梯", 2) + some("2025-06-10", "电梯", 3) + some("2024-06-01", "供暖", 10)
)  # fmt: skip


def test_real_changes_come_first() -> None:
    table = compute(DATABASE, Query())
    got = [
        (r["item"], r["orders"], r["orders_then"], r["change"], r["change_rate"], r["is_noise"])
        for r in table.rows
    ]
    assert got == [
        ("供暖", 20, 100, -80, -0.8, False),
        ("噪声", 60, 20, 40, 2.0, False),
        ("停车", 33, 30, 3, 0.1, True),
        ("电梯", 3, 2, 1, None, True),
    ]
    assert table.period == "2025年6月"
    assert counts_p(33, 30, 30, 31) > 0.5


def test_it_uses_compare_on_its_own() -> None:
    table = run_report(REPORT, DATABASE, Query(period=month(2025, 6), compare="last-year"))
    assert [(r["item"], r["orders_then"]) for r in table.rows if r["orders_then"]] == [("供暖", 10)]


def test_without_a_base_nothing_moved() -> None:
    table = compute(DATABASE, Query(period=month(2024, 6)))
    assert table.rows == []
    assert table.incomplete
    assert any("无从对比" in note for note in table.notes)
    assert compute(database_of([]), Query()).rows == []
    untimed = compute(database_of([{"subcategory": "供暖"}]), Query())
    assert untimed.incomplete
    assert any("受理时间" in note for note in untimed.notes)


def test_a_unit_that_had_none_before_has_a_base_all_the_same() -> None:
    before = [{"received_at": "2025-05-10", "subcategory": "供暖", "department": "乙局"}]
    now = [{"received_at": "2025-06-10", "subcategory": "供暖", "department": "甲局"}] * 20
    table = compute(database_of(before + now), Query(period=month(2025, 6), department="甲局"))
    assert [(row["item"], row["orders"], row["orders_then"]) for row in table.rows] == [("供暖", 20, 0)]
    assert not table.incomplete
    assert not any("无从对比" in note for note in table.notes)
