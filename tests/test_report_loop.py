"""Golden tests of supervision and of the six-stage loop; figures worked out by hand."""

from datetime import datetime
from typing import Any

from helpers import database_of
from hotline_tools.reports.catalog import loop, supervise
from hotline_tools.reports.query import Query

# As of 2025-06-20 12:00 (given). Open orders have no closed_at; deadlines are the export's own.
AS_OF = Query(as_of=datetime(2025, 6, 20, 12))
OPEN = {"status": "open", "department": "甲局"}
CLOSED = {"status": "closed", "department": "乙局"}
ORDERS: list[dict[str, Any]] = [
    # 1 overdue by 26 h; contacted, moved yesterday 13:00 (23 h ago)
    {
        **OPEN,
        "received_at": "2025-06-10 08:00",
        "dispatched_at": "2025-06-10 09:00",
        "due_at": "2025-06-19 10:00",
        "first_contact_at": "2025-06-19 13:00",
    },
    # 2 due in 5 h; dispatched 28 h ago, nobody called
    {
        **OPEN,
        "received_at": "2025-06-19 07:00",
        "dispatched_at": "2025-06-19 08:00",
        "due_at": "2025-06-20 17:00",
    },
    # 3 no progress for 100 h (signed 2025-06-16 08:00), due far away, contacted before
    {
        **OPEN,
        "received_at": "2025-06-15 08:00",
        "dispatched_at": "2025-06-15 09:00",
        "signed_at": "2025-06-16 08:00",
        "first_contact_at": "2025-06-16 07:00",
        "due_at": "2025-07-30",
    },
    # 4, 5 the same caller dissatisfied twice in a row, whatever the department
    {
        **CLOSED,
        "received_at": "2025-06-01 08:00",
        "closed_at": "2025-06-02 08:00",
        "revisited_at": "2025-06-03",
        "satisfaction": "dissatisfied",
        "caller_key": "x",
        "due_at": "2025-06-05",
        "returns": 1,
    },
    {
        **CLOSED,
        "received_at": "2025-06-04 08:00",
        "closed_at": "2025-06-05 20:00",
        "revisited_at": "2025-06-07",
        "satisfaction": "dissatisfied",
        "caller_key": "x",
        "due_at": "2025-06-05",
        "redos": 1,
    },
    # 6 satisfied: released
    {
        **CLOSED,
        "received_at": "2025-06-04 08:00",
        "closed_at": "2025-06-04 20:00",
        "revisited_at": "2025-06-05 20:00",
        "satisfaction": "satisfied",
        "caller_key": "y",
        "due_at": "2025-06-06",
        "resolved": "yes",
    },
    # 7 basically satisfied goes to supervision too, but 60 days ago is out of sight
    {
        **CLOSED,
        "received_at": "2025-04-20 08:00",
        "closed_at": "2025-04-21 08:00",
        "satisfaction": "basically",
        "due_at": "2025-04-30",
    },
    # 8 returned twice, still open, contacted just now
    {
        **OPEN,
        "received_at": "2025-06-20 08:00",
        "first_contact_at": "2025-06-20 09:00",
        "returns": 2,
        "due_at": "2025-06-30",
    },
    # 9 cancelled: nobody's business, though its deadline is past
    {"status": "cancelled", "department": "甲局", "received_at": "2025-06-01", "due_at": "2025-06-02"},
    # 10, 11 without a caller: same department, place and subcategory, dissatisfied in a row
    {
        **CLOSED,
        "received_at": "2025-06-08",
        "closed_at": "2025-06-09",
        "satisfaction": "dissatisfied",
        "place": "甲小区",
        "subcategory": "电梯",
        "due_at": "2025-06-10",
    },
    {
        **CLOSED,
        "received_at": "2025-06-10",
        "closed_at": "2025-06-11",
        "satisfaction": "dissatisfied",
        "place": "甲小区",
        "subcategory": "电梯",
        "due_at": "2025-06-12",
    },
]


def test_supervision_lists_each_order_once_with_its_reasons() -> None:
    table = supervise.compute(database_of(ORDERS), AS_OF)
    reasons = {row["order_id"]: row["reasons"] for row in table.rows}
    assert reasons == {
        "1": ["已超期 26 小时"],
        "2": ["5 小时后到期", "派单 28 小时未联系群众"],
        "3": ["4 天无进展"],
        "4": ["回访不满意"],
        "5": ["连续两次回访不满意（上一件 4）", "回访不满意"],
        "8": ["退回 2 次"],
        "10": ["回访不满意"],
        "11": ["连续两次回访不满意（上一件 10）", "回访不满意"],
    }
    assert [row["order_id"] for row in table.rows][:2] == [
        "5",
        "11",
    ]  # 乙局 has most, and of it those with most reasons
    assert table.totals["listed"] == 8
    assert table.totals["sent_back"] == 4


def test_supervision_hours_and_default_moment() -> None:
    # --hours 4: order 2 is due in 5 h, so that reason goes. Without as_of it is the latest time in the
    # store, 2025-06-20 09:00 (order 8 contacted): order 1 is then 23 h late.
    narrow = supervise.compute(database_of(ORDERS), Query(as_of=AS_OF.as_of, hours=4))
    assert {r["order_id"]: r["reasons"] for r in narrow.rows}["2"] == ["派单 28 小时未联系群众"]
    default = supervise.compute(database_of(ORDERS), Query())
    assert {r["order_id"]: r["reasons"] for r in default.rows}["1"] == ["已超期 23 小时"]
    assert any(note.startswith("截至 2025-06-20 09:00") for note in default.notes)


def test_supervision_says_what_it_cannot_know() -> None:
    table = supervise.compute(
        database_of([{"status": "open", "department": "甲局", "title": "路灯不亮"}]), Query()
    )
    assert table.rows == []
    assert table.incomplete
    assert sum("无法" in note for note in table.notes) == 4
    assert supervise.compute(database_of([]), Query()).incomplete is False


def test_the_loop_step_by_step() -> None:
    # 10 orders (the cancelled one is excluded by the profile). All have a department → 10 dispatched.
    # Signed: order 3 only, after 23 h; open and unsigned: 1, 2, 8. Closed: 4, 5, 6, 7, 10, 11.
    # Due (deadline ≤ as of): 1, 4, 5, 6, 7, 10, 11 = 7; on time: 4, 6, 7, 10, 11 = 5 (5 closed 20 h late).
    # Closing hours: 4: 24, 5: 36, 6: 12, 7: 24, 10: 24, 11: 24 → median 24, mean 24.
    # Revisited: all six rated. Revisit hours: 4: 16, 5: 28, 6: 24. Rated 6: satisfied 1, supervised 5,
    # of which order 5 was redone, so 4 wait. Resolved: 1 of 1. Returned (≥ 1): 4 and 8.
    table = loop.compute(database_of(ORDERS), AS_OF)
    got = {
        r["step"]: (r["orders"], r["waiting"], r["rate_numerator"], r["rate_denominator"]) for r in table.rows
    }
    assert got == {
        "上期结转": (0, None, None, None),
        "受理": (10, None, None, None),
        "派单": (10, 0, 10, 10),
        "签收": (1, 3, 1, 10),
        "退回": (2, None, 2, 10),
        "办结": (6, 4, 6, 10),
        "超时办结": (1, None, None, None),
        "未办结（结转下期）": (4, None, None, None),
        "按时办结": (5, 1, 5, 7),
        "回访": (6, 0, 6, 6),
        "转督办（基本满意、不满意）": (5, 4, 5, 6),
        "满意": (1, None, 1, 6),
        "解决": (1, None, 1, 1),
    }
    hours = {r["step"]: (r["hours_median"], r["hours_mean"], r["timed"]) for r in table.rows if r["timed"]}
    assert hours == {
        "派单": (1.0, 1.0, 3), "签收": (23.0, 23.0, 1), "办结": (24.0, 24.0, 6), "回访": (24.0, 22.6667, 3)
    }  # fmt: skip
    assert table.incomplete is False


def test_the_loop_leaves_out_steps_the_export_knows_nothing_of() -> None:
    table = loop.compute(database_of([{"status": "closed", "department": "甲局"}]), Query())
    assert [row["step"] for row in table.rows] == ["上期结转", "受理", "派单", "办结", "未办结（结转下期）"]
    assert table.incomplete
    assert any("签收" in note for note in table.notes)
    assert loop.compute(database_of([]), Query()).rows == []
