"""Nothing that happened after the moment of the count is counted, in any of the reports that use it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from helpers import database_of, orders_of
from hotline_tools.reports.catalog import departments, ledger, loop, supervise
from hotline_tools.reports.period import Period, month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report

# As of 2025-07-01 00:00. 1 and 2 were closed and asked in June; 3 was asked in July; 4 was closed and asked
# in July; 5 was closed in June and answered at a time nobody wrote down; 6 is open.
ORDERS = orders_of(
    """
received_at | dispatched_at | signed_at | closed_at | revisited_at | status | satisfaction | resolved
2025-06-02T08 | 2025-06-02T09 | 2025-06-02T12 | 2025-06-03T08 | 2025-06-04 | closed | satisfied | yes
2025-06-02T08 | 2025-06-02T10 | - | 2025-06-04T08 | 2025-06-05 | closed | dissatisfied | no
2025-06-20T08 | 2025-06-20T09 | - | 2025-06-23T08 | 2025-07-05 | closed | satisfied | yes
2025-06-20T08 | 2025-07-02T09 | 2025-07-02T12 | 2025-07-10T08 | 2025-07-12 | closed | satisfied | yes
2025-06-20T08 | - | - | 2025-06-24T08 | - | closed | satisfied | -
2025-06-20T08 | - | - | - | - | open | - | -
""",
    department="甲局",
    due_at="2025-06-25",
)
JUNE = Query(period=month(2025, 6))


def fraction(cells: dict[str, Any], name: str) -> tuple[Any, Any]:
    return cells[f"{name}_numerator"], cells[f"{name}_denominator"]


def test_answers_given_after_the_moment_do_not_count() -> None:
    # Rated by then: 1, 2 and 5 (by its closing time), of which 1 and 5 are satisfied; answered whether it is
    # resolved: 1 and 2. Revisited: 1, 2, 5, out of the closed 1, 2, 3, 5.
    totals = departments.compute(database_of(ORDERS), JUNE).totals
    assert fraction(totals, "satisfied_rate") == (2, 3)
    assert fraction(totals, "resolved_rate") == (1, 2)
    assert fraction(totals, "revisited_rate") == (3, 4)
    assert fraction(totals, "dissatisfied_rate") == (1, 3), "the same three revisits"


def test_later_the_same_answers_count() -> None:
    received = Query(period=month(2025, 6), as_of=datetime(2025, 8, 1), basis="received")
    totals = departments.compute(database_of(ORDERS), received).totals
    assert fraction(totals, "satisfied_rate") == (4, 5)
    assert fraction(totals, "revisited_rate") == (5, 5)
    # By event 3 and 4 were asked in July, not in June; closed in June: 1, 2, 3, 5.
    totals = departments.compute(database_of(ORDERS), replace(received, basis="event")).totals
    assert fraction(totals, "satisfied_rate") == (2, 3)
    assert fraction(totals, "revisited_rate") == (4, 4)


def test_answers_without_any_time_count_and_are_told() -> None:
    rows = [
        {"department": "甲局", "received_at": "2025-06-02", "satisfaction": "satisfied", "status": "closed"}
    ]
    table = departments.compute(database_of(rows), JUNE)
    assert fraction(table.totals, "satisfied_rate") == (1, 1)
    assert any("1 件的满意度或是否解决既无回访时间也无办结时间" in note for note in table.notes)
    assert not any("既无回访时间" in n for n in departments.compute(database_of(ORDERS), JUNE).notes)


def test_the_loop_stops_at_the_same_moment() -> None:
    steps = {row["step"]: row for row in loop.compute(database_of(ORDERS), JUNE).rows}
    assert {name: steps[name]["orders"] for name in ("签收", "办结", "回访", "满意", "解决")} == {
        "签收": 1, "办结": 4, "回访": 3, "满意": 2, "解决": 1,
    }  # fmt: skip
    assert steps["转督办（基本满意、不满意）"]["orders"] == 1
    assert [steps[name]["timed"] for name in ("派单", "签收", "办结", "回访")] == [3, 1, 4, 2]


@pytest.mark.parametrize("as_of", [None, datetime(2025, 6, 23, 12), datetime(2025, 8, 1)])
def test_loop_and_departments_time_closing_alike(as_of: datetime | None) -> None:
    query = Query(period=month(2025, 6), as_of=as_of)
    (closing,) = [r for r in loop.compute(database_of(ORDERS), query).rows if r["step"] == "办结"]
    totals = departments.compute(database_of(ORDERS), query).totals
    names = ("hours_median", "hours_mean", "hours_p90", "timed")
    assert [closing[name] for name in names] == pytest.approx([totals[name] for name in names])
    assert closing["orders"] == totals["revisited_rate_denominator"]


def test_supervision_shows_no_later_result() -> None:
    # 4 and 6 are open on 1 July and overdue since the 25th; how 4 was rated on 12 July is not known yet, nor
    # that it was dispatched and signed on 2 July: nothing has moved for 256 hours (160 worked).
    table = supervise.compute(database_of(ORDERS), JUNE)
    rows = {row["order_id"]: row for row in table.rows}
    assert set(rows) == {"2", "4", "6"}
    assert rows["4"]["satisfaction"] is None
    assert rows["4"]["reasons"] == ["已超期 6 天", "11 天无进展（其中工作日 7 天）"]
    assert rows["2"]["satisfaction"] == "dissatisfied"  # people read 不满意


# Neither a closing time nor a state: nobody can say what is overdue, waits or was settled.
STATELESS = orders_of("""
received_at | dispatched_at | department | street | community | category
2025-06-02 08:00 | 2025-06-02 09:00 | 甲局 | 甲街 | 东社区 | 物业
2025-06-03 08:00 | 2025-06-03 09:00 | 甲局 | 甲街 | 东社区 | 物业
""")  # fmt: skip


@pytest.mark.parametrize("status", [None, "unknown"])
def test_supervision_lists_nothing_when_no_order_says_closed(status: str | None) -> None:
    table = supervise.compute(database_of([{**row, "status": status} for row in STATELESS]), JUNE)
    assert table.rows == []
    assert table.incomplete
    assert any("“办结时间”或“状态”" in note for note in table.notes)


def test_supervision_takes_a_missing_closing_time_for_open_where_others_have_one() -> None:
    closed = {"received_at": "2025-06-02", "closed_at": "2025-06-03", "department": "甲局"}
    query = Query(as_of=datetime(2025, 7, 1))
    rows = supervise.compute(database_of([*STATELESS, closed]), query).rows
    assert [row["order_id"] for row in rows] == ["1", "2"]


@pytest.mark.parametrize("status", [None, "unknown"])
def test_the_loop_knows_no_waiting_without_closing(status: str | None) -> None:
    table = loop.compute(database_of([{**row, "status": status} for row in STATELESS]), JUNE)
    assert [(row["step"], row["orders"], row["waiting"]) for row in table.rows] == [
        ("受理", 2, None),
        ("派单", 2, None),
    ]
    assert table.totals["waiting"] is None
    assert any("办·办结" in note and "“办结时间”或“状态”" in note for note in table.notes)
    assert table.incomplete


def test_returns_without_a_time_are_said_when_the_order_went_on_after_the_moment() -> None:
    # Returned twice, who knows when: A closed before the moment, B closed after it, C still open today.
    same = {"received_at": "2025-06-01 09:00", "department": "甲局", "returns": 2}
    rows = [
        {**same, "closed_at": "2025-06-08 09:00", "status": "closed"},
        {**same, "closed_at": "2025-06-20 09:00", "status": "closed"},
        {**same, "status": "open"},
    ]
    table = supervise.compute(database_of(rows), Query(as_of=datetime(2025, 6, 10)))
    listed = {row["order_id"] for row in table.rows if "退回 2 次" in row["reasons"]}
    assert listed == {"1", "2", "3"}
    assert any("多次退回的有 1 件在截至时刻之后还有办理" in note for note in table.notes)
    now = supervise.compute(database_of(rows), Query(as_of=datetime(2025, 6, 30)))
    assert not any("多次退回的有" in note for note in now.notes)


def test_departments_says_that_returns_carry_no_time_when_the_moment_is_asked_for() -> None:
    rows = [{"received_at": "2025-06-01 09:00", "department": "甲局", "returns": 1}]
    asked = departments.compute(database_of(rows), Query(as_of=datetime(2025, 6, 10)))
    assert any("退回、重办、延期只有次数、没有时间" in note for note in asked.notes)
    assert not any("只有次数" in note for note in departments.compute(database_of(rows), Query()).notes)


# Closed, nobody knows when: 1 on its revisit in July, due in June; 2 on its receipt, without one.
# 3: closed before it came in, so on its revisit. 4: open. 5 came in after the moment of the second question.
UNTIMED = orders_of(
    """
received_at | due_at | closed_at | revisited_at | status
2025-06-02T08 | 2025-06-10 | - | 2025-07-05 | closed
2025-06-03T08 | 2025-06-10 | - | - | closed
2025-06-04T08 | 2025-06-10 | 2025-06-01T08 | 2025-06-20 | closed
2025-06-05T08 | 2025-06-10 | - | - | open
2025-06-28T08 | 2025-07-20 | - | - | open
""",
    department="甲局",
)
FLOWS = ("carried_in", "closed", "open_at_end", "overdue_at_end")


@pytest.mark.parametrize("report", [departments, loop, ledger], ids=lambda report: report.REPORT.name)
def test_an_order_closed_without_a_time_is_closed_on_its_revisit_in_every_report(report: Any) -> None:
    def flows(period: Period, **more: Any) -> tuple[int, ...]:
        totals = report.compute(database_of(UNTIMED), Query(period=period, **more)).totals
        return tuple(totals[name] for name in FLOWS)

    moment = datetime(2025, 8, 1)
    assert flows(month(2025, 6), as_of=datetime(2025, 6, 15)) == (0, 1, 3, 3)  # 2; 3 only on the 20th
    assert flows(month(2025, 6), as_of=moment) == (0, 2, 3, 2)
    assert flows(month(2025, 7), as_of=moment) == (3, 1, 2, 2)


@pytest.mark.parametrize("name", ["channels", "areas", "levels", "categories", "departments", "loop"])
def test_orders_after_a_moment_within_the_period_are_not_known(name: str) -> None:
    database = database_of([row | {"street": "甲街道", "district": "乙区"} for row in UNTIMED])
    query = Query(period=month(2025, 6), as_of=datetime(2025, 6, 15))
    assert find_report(name).compute(database, query).totals["orders"] == 4


def test_what_is_open_of_an_issue_is_asked_at_the_end_of_the_period() -> None:
    issue = {"community": "甲社区", "place": "甲小区", "subcategory": "噪声", "category": "环境"}
    rows = [row | issue | {"order_key": key} for key, row in zip("abcde", UNTIMED, strict=True)]
    query = Query(period=month(2025, 6), as_of=datetime(2025, 7, 1))
    (found,) = find_report("repeats").compute(database_of(rows), query).rows
    assert (found["orders"], found["open_orders"]) == (5, 3)
    item = find_report("agenda").compute(database_of(rows), query).rows[0]
    assert item["still_open"] == 3


def test_levels_knows_no_dispatch_and_no_refusal_that_came_later() -> None:
    rows = orders_of(
        """
received_at | dispatched_at | closed_at | revisited_at | status | resolved
2025-06-01 | 2025-06-20 | 2025-06-05 | 2025-06-25 | closed | no
2025-06-01 | 2025-06-20 | - | - | open | -
""",
        district="东区",
        original_category="矛盾纠纷",
        category="矛盾纠纷",
    )
    early = Query(as_of=datetime(2025, 6, 10))
    (row,) = find_report("levels").compute(database_of(rows), early).rows
    assert fraction(row, "flow_rate") == (1, 2), "the closed one; the other had not been sent to anyone"
    assert fraction(row, "dispute_rate") == (1, 2), "nobody had said that it was not resolved"
    (row,) = find_report("levels").compute(database_of(rows), Query()).rows
    assert fraction(row, "flow_rate") == (2, 2)
    assert fraction(row, "dispute_rate") == (0, 2)
