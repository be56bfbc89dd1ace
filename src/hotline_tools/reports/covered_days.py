"""The days a report looks at: the period's, or those between the first order and the last."""

from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Database, Query, filter_conditions, last_moment
from hotline_tools.sql import literal


def received_days(database: Database) -> tuple[date, date] | None:
    """Return the first and the last day on which the store's orders were received; ``None`` without any."""
    row: dict[str, Any] = database.query("SELECT first, last FROM received_span").to_pylist()[0]
    return (row["first"].date(), row["last"].date()) if row["first"] else None


def has_orders(database: Database, period: Period) -> bool:
    """Tell an import that is not there from a count of zero: has the store any order, whoever asks?"""
    days = f"day >= {literal(period.start)} AND day < {literal(period.end)}"
    return bool(database.query(f"SELECT 1 AS one FROM received_days WHERE {days} LIMIT 1").num_rows)


def counted_days(query: Query) -> str | None:
    """Return the SELECT of ``day_counts.DAY_COUNTS`` in the period; ``None`` where filters need the orders.

    The days were counted as the months were written, so that no order is read.
    """
    if filter_conditions(query):
        return None
    days = query.period
    within = f" WHERE day >= {literal(days.start)} AND day < {literal(days.end)}" if days else ""
    return f"SELECT source, day, orders, inferred FROM received_days{within}"


def extent(database: Database, query: Query) -> tuple[date, date] | None:
    """Return first day and the day after the last of view ``scope``; ``None`` without dated orders.

    A period that reaches beyond the store's last day is cut there: days that the data cannot
    speak of are not days without orders. What came in after a moment given by hand was not known at it.
    """
    days = received_days(database)
    if days is None:
        return None
    first, end = days[0], days[1] + timedelta(days=1)
    if query.as_of is not None:
        end = min(end, last_moment(query.as_of).date() + timedelta(days=1))
    if query.period is not None:
        first, end = max(first, query.period.start), min(end, query.period.end)
    return (first, end) if first < end else None
