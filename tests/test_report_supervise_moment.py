"""Golden tests of what `supervise` lists at a moment: the period, late contact, days of rest."""

from datetime import datetime
from typing import Any

import pytest

from helpers import database_of
from hotline_tools.reports.catalog import supervise
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query

OPEN = {"status": "open", "department": "甲局"}


def reasons(rows: list[dict[str, Any]], query: Query) -> dict[Any, Any]:
    return {row["order_id"]: row["reasons"] for row in supervise.compute(database_of(rows), query).rows}


def test_what_is_overdue_is_listed_whatever_month_it_came_in() -> None:
    # 1 came in March and is still open at the end of June; 2 came in July, which June does not know;
    # 3 was closed in May. The last time in the store is 2025-07-02, so the moment is the end of June.
    rows = [
        {**OPEN, "received_at": "2025-03-03 09:00", "due_at": "2025-03-10"},
        {**OPEN, "received_at": "2025-07-02 09:00", "due_at": "2025-07-09"},
        {"status": "closed", "received_at": "2025-03-04", "closed_at": "2025-05-01", "due_at": "2025-03-11"},
    ]  # fmt: skip
    table = supervise.compute(database_of(rows), Query(period=month(2025, 6)))
    assert [row["order_id"] for row in table.rows] == ["1"]
    assert any("2025-06-30 及以前受理" in note for note in table.notes)


@pytest.mark.parametrize(
    ("why", "contact", "responded", "listed"),
    [
        ("called only after the moment, whatever the column says later", "2025-06-21 09:00", True, True),
        ("called before the moment", "2025-06-19 09:00", None, False),
        ("called before the moment, though the column says no", "2025-06-19 09:00", False, False),
        ("no time of the call: the column decides", None, True, False),
        ("no time of the call: the column decides", None, False, True),
    ],
)
def test_the_time_of_the_first_contact_decides(
    why: str, contact: str | None, responded: bool | None, listed: bool
) -> None:
    order = {
        **OPEN,
        "received_at": "2025-06-18 08:00",
        "dispatched_at": "2025-06-18 09:00",
        "first_contact_at": contact,
        "responded": responded,
        "due_at": "2025-07-30",
    }
    other = {**OPEN, "received_at": "2025-06-20 11:00", "first_contact_at": "2025-06-20 11:30"}
    found = reasons([order, other], Query(as_of=datetime(2025, 6, 20, 12)))
    assert (found.get("1") == ["派单 51 小时未联系群众"]) is listed, why


@pytest.mark.parametrize(
    ("why", "as_of", "due", "expected"),
    [
        # 2025-09-30 is a Tuesday; 1 to 8 October 2025 are the holiday; 9 October is a Thursday.
        ("before the holiday, due on the first day after", "2025-09-30 17:00", "2025-10-09 10:00", True),
        ("24 hours of work end on 9 October 17:00", "2025-09-30 17:00", "2025-10-09 17:00", True),
        ("a minute later is out", "2025-09-30 17:00", "2025-10-09 17:01", False),
        ("on a Friday, due on Monday", "2025-06-20 17:00", "2025-06-23 10:00", True),
        ("28 September 2025 is a Sunday that is worked", "2025-09-26 17:00", "2025-09-29 10:00", False),
        ("on a day of rest no hour of work has passed", "2025-10-04 09:00", "2025-10-09 23:59", True),
    ],
)
def test_due_soon_counts_hours_of_working_days(why: str, as_of: str, due: str, expected: bool) -> None:
    contacted = {"received_at": as_of, "dispatched_at": as_of, "first_contact_at": as_of}
    table = supervise.compute(
        database_of([{**OPEN, **contacted, "due_at": due}]), Query(as_of=datetime.fromisoformat(as_of))
    )
    assert table.totals["due_soon"] == int(expected), why


def test_without_progress_counts_hours_of_working_days() -> None:
    # Signed on 30 September 12:00. On 9 October 12:00 the clock says 216 h, but 24 of them were worked;
    # on 13 October 12:00 (Monday; 11 October, a Saturday, was worked, the 12th not) 96 h were.
    order = {
        **OPEN,
        "received_at": "2025-09-30 08:00",
        "signed_at": "2025-09-30 12:00",
        "first_contact_at": "2025-09-30 10:00",
        "due_at": "2026-01-30",
    }
    assert reasons([order], Query(as_of=datetime(2025, 10, 9, 12))) == {}
    assert reasons([order], Query(as_of=datetime(2025, 10, 13, 12))) == {
        "1": ["13 天无进展（其中工作日 4 天）"]
    }
