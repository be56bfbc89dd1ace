"""The days a report looks at: the period's, or those between the first order and the last."""

from datetime import date, timedelta
from typing import Any

from hotline_tools.reports.query import Database, Query


def extent(database: Database, query: Query) -> tuple[date, date] | None:
    """Return first day and the day after the last of view ``scope``; ``None`` without dated orders.

    A period that reaches beyond the store's last day is cut there: days that the data cannot
    speak of are not days without orders.
    """
    answer = database.query("SELECT first, last FROM received_span")
    row: dict[str, Any] = answer.to_pylist()[0]
    if row["first"] is None:
        return None
    first, end = row["first"].date(), row["last"].date() + timedelta(days=1)
    if query.period is not None:
        first, end = max(first, query.period.start), min(end, query.period.end)
    return (first, end) if first < end else None
