"""Orders of a source that never fills a column are in no rate that needs it; a note says how many."""

from typing import Any

import pytest

from helpers import database_of
from hotline_tools.reports.catalog import departments, ledger, levels, loop, reconcile, supervise
from hotline_tools.reports.coverage import uncovered_sources
from hotline_tools.reports.query import Query
from hotline_tools.table import ReportTable

HOTLINE: dict[str, Any] = {
    "source": "hotline", "department": "甲局", "received_at": "2025-06-02 09:00",
    "dispatched_at": "2025-06-02 10:00", "signed_at": "2025-06-02 11:00", "closed_at": "2025-06-05 09:00",
    "status": "closed", "returns": 0, "satisfaction": "satisfied", "reply": "已修复",
}  # fmt: skip
BOARD: dict[str, Any] = {
    "source": "wenzheng", "department": "甲局", "received_at": "2025-06-03 09:00", "title": "路灯不亮",
}  # fmt: skip


def orders() -> list[dict[str, Any]]:
    """Ten of the hotline, two of them returned and one open; five of a board that records nothing of it.

    By hand: returns 2 of 10 (not of 15), signed 10 of 10, closed 9 of 10, answered 9 of 10.
    """
    rows = [dict(HOTLINE) for _ in range(10)]
    rows[0]["returns"] = rows[1]["returns"] = 1
    rows[2] |= {"status": "open", "closed_at": None, "reply": None, "satisfaction": None}
    return [*rows, *(dict(BOARD) for _ in range(5))]


def rate(table: ReportTable, row: dict[str, Any], name: str) -> tuple[Any, Any]:
    return row[f"{name}_numerator"], row[f"{name}_denominator"]


def test_departments_divides_by_the_orders_that_could_be_returned() -> None:
    table = departments.compute(database_of(orders()), Query())
    (unit,) = table.rows
    assert unit["orders"] == 15
    assert rate(table, unit, "returned_rate") == (2, 10)
    assert rate(table, table.totals, "returned_rate") == (2, 10)
    (note,) = [note for note in table.notes if "退回率" in note and "从不填写" in note]
    assert "来源“问政留言板”的 5 件" in note


def test_loop_neither_counts_them_nor_lets_them_wait() -> None:
    table = loop.compute(database_of(orders()), Query())
    steps = {row["step"]: row for row in table.rows}
    # All 15 count as dispatched, by their department; the board has no times of dispatch or signing.
    assert rate(table, steps["签收"], "rate") == (10, 10)
    assert steps["签收"]["waiting"] == 0
    assert rate(table, steps["退回"], "rate") == (2, 10)
    assert rate(table, steps["办结"], "rate") == (9, 10)
    assert steps["办结"]["waiting"] == 1
    assert any("签收率、办结率、退回率的分母不含来源“问政留言板”的 5 件" in n for n in table.notes)


def test_ledger_rates_leave_them_out_and_the_count_does_not() -> None:
    table = ledger.compute(database_of(orders()), Query())
    (june,) = table.rows
    assert june["opened"] == 15
    assert rate(table, june, "cleared_rate") == (9, 10)
    assert rate(table, june, "public_rate") == (9, 10)
    assert any("销账率、晒账率的分母不含来源“问政留言板”的 5 件" in note for note in table.notes)


@pytest.mark.parametrize(
    ("case", "rows", "uncovered"),
    [
        ("one source is judged as a whole", [BOARD, BOARD], {}),
        ("both fill it, one with zeros alone", [HOTLINE, {**BOARD, "returns": 0}], {}),
        ("nobody fills it: not computable, not left out", [{**HOTLINE, "returns": None}, BOARD], {}),
        ("the board never does", [HOTLINE, BOARD, BOARD], {"r": ("wenzheng",)}),
        ("orders without a source are a source", [HOTLINE, {**BOARD, "source": None}], {"r": ("",)}),
    ],
)
def test_who_is_not_covered(
    case: str, rows: list[dict[str, Any]], uncovered: dict[str, tuple[str, ...]]
) -> None:
    assert uncovered_sources(database_of(rows), {"r": [("returns",)]}) == uncovered, case


def test_of_alternatives_one_is_enough_and_joined_columns_are_both_needed() -> None:
    rows = [HOTLINE, {**BOARD, "signed_at": "2025-06-03 10:00"}]
    database = database_of(rows)
    assert uncovered_sources(database, {"r": [("returns", "signed_at")]}) == {}
    assert uncovered_sources(database, {"r": [("dispatched_at&signed_at",)]}) == {"r": ("wenzheng",)}


def test_levels_leave_them_out_of_the_flow_and_of_the_disputes() -> None:
    # The board here knows no department either: 10 of 10 flow, not of 15. Of its disputes nobody can tell
    # whether they were settled: 9 of the hotline's 10 were.
    rows = [{**row, "street": "甲街道", "subcategory": "邻里纠纷"} for row in orders()]
    for row in rows:
        if row["source"] == "wenzheng":
            row["department"] = None
    table = levels.compute(database_of(rows), Query(by="street"))
    (street,) = table.rows
    assert street["orders"] == 15
    assert rate(table, street, "flow_rate") == (10, 10)
    assert rate(table, street, "dispute_rate") == (9, 10)
    assert any("事件流转率、纠纷化解率的分母不含来源“问政留言板”的 5 件" in note for note in table.notes)


def test_nobody_is_pushed_for_orders_of_which_nobody_tells_the_closing() -> None:
    # The hotline's third order is open and late. The board's five have a limit and no closing: as everywhere,
    # nobody can tell whether they are late, though the hotline beside them records its closings.
    rows = orders()
    for row in rows:
        row["due_at"] = "2025-06-08 18:00"
    rows.append({**HOTLINE, "received_at": "2025-08-30 09:00", "closed_at": "2025-08-31 09:00"})
    database = database_of(rows)
    table = supervise.compute(database, Query())
    assert [row["order_id"] for row in table.rows] == ["3"]
    assert table.totals["overdue_now"] == departments.compute(database, Query()).totals["overdue_at_end"] == 1
    assert any("来源“问政留言板”的工单从不填写办结时间或办理状态" in note for note in table.notes)
    assert reconcile.compute(database, Query()).totals["differing"] == 0
