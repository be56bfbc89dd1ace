"""A report as of a moment is the report that could have been made then: what came later changes nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import database_of
from hotline_tools.reports.period import month
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import reports

NAMES = sorted(name for name, report in reports().items() if "as_of" in report.options)
START, MOMENTS = datetime(2025, 5, 1), (datetime(2025, 6, 20), datetime(2025, 6, 20, 18))
KEPT = ("due_at", "dispatched_at")
RATINGS = ["satisfied", "dissatisfied"]
Orders = list[dict[str, Any]]


def order(
    number: int, hours: tuple[int, ...], codes: tuple[str, str], names: tuple[str, ...]
) -> dict[str, Any]:
    """An order whose events, from the receipt to the revisit, came so many hours one after another."""
    at, times = START, {}
    for name, wait in zip(
        ("received", "dispatched", "signed", "first_contact", "closed", "revisited"), hours, strict=True
    ):
        at += timedelta(hours=wait)
        times[f"{name}_at"] = at
    category, street, department = names
    return {
        **times,
        "order_id": f"T{number}",
        "order_key": f"平台:T{number}",  # the same order in both stores
        "due_at": times["received_at"] + timedelta(days=5),
        "handling_hours": (times["closed_at"] - times["received_at"]) / timedelta(hours=1),
        "status": "closed", "satisfaction": codes[0], "resolved": codes[1], "reply": "经查，已修复",
        "category": category, "subcategory": f"{category}类", "original_category": "纠纷/邻里",
        "channel": "12345热线", "district": "东区", "street": street, "community": f"{street}一",
        "grid": "1", "handling_level": "街道", "department": department, "place": f"{street}小区",
        "caller_key": f"c{number % 3}", "title": "路灯不亮",
    }  # fmt: skip


def then(orders: Orders, moment: datetime) -> Orders:
    """The orders as they stood at ``moment``: a midnight is the end of the day before.

    A dispatch to come stays: without it the department would tell that there was one.
    """
    known, last = [], moment - timedelta(microseconds=1) if moment.hour == 0 else moment
    for row in orders:
        if row["received_at"] > last:
            continue
        now = {k: None if k.endswith("_at") and k not in KEPT and v > last else v for k, v in row.items()}
        if now["closed_at"] is None:
            now |= {"status": "open", "reply": None, "handling_hours": None, "handling_level": None}
        if now["revisited_at"] is None:
            now |= {"satisfaction": None, "resolved": None}
        known.append(now)
    return known


HOURS = st.tuples(st.integers(0, 60 * 24), *[st.integers(0, 400)] * 5)
CODES = st.tuples(
    st.sampled_from(["satisfied", "basically", "dissatisfied"]), st.sampled_from(["yes", "partly", "no"])
)
PLACES = st.tuples(
    st.sampled_from(["物业", "噪声"]), st.sampled_from(["甲街", "乙街"]), st.sampled_from(["甲局", "乙局"])
)
FILLED = [
    order(n, (wait, 5, 5, 5, 20, 20), (rating, "yes"), ("物业", "甲街", "甲局"))
    for n, (wait, rating) in enumerate(zip([*range(0, 1050, 35), 1199, 1217], RATINGS * 16, strict=True))
]
"""They fill every column before any of the moments, and are received up to their last hours."""


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(HOURS, CODES, PLACES), min_size=5, max_size=25),
    st.sampled_from(MOMENTS),
    st.sampled_from(["event", "received"]),
    st.booleans(),
)
def test_what_came_later_changes_nothing(
    name: str, drawn: list[Any], moment: datetime, basis: str, in_june: bool
) -> None:
    orders = [*FILLED, *(order(n, *one) for n, one in enumerate(drawn, 100))]
    query = Query(as_of=moment, period=month(2025, 6) if in_june else None, basis=basis)  # type: ignore[arg-type]
    report = reports()[name]
    now, before = (report.compute(database_of(rows), query) for rows in (orders, then(orders, moment)))
    assert now.rows == before.rows
    assert now.totals == before.totals
