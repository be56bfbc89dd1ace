"""Messages with a reply in blocks of equal size, by time of receipt: those of a city do not fit in memory."""

from datetime import datetime
from itertools import pairwise

from hotline_tools.reports.query import Database
from hotline_tools.reports.registry import sql_text
from hotline_tools.sql import literal

MOST = 100_000
"""Messages of a block at most, about 400 MB with all that is made of them."""
Start = tuple[datetime | None, str] | None
"""Time of receipt and key of a block's first message; None before the first block and after the last."""


def block_conditions(database: Database) -> list[str]:
    """Return for each block of the view ``replied`` the SQL condition of its rows; together they are all.

    A block is a stretch of time, so that of the store's files only its own months are read. Orders without a
    time of receipt come first.
    """
    counted = database.query("SELECT count(*) AS messages FROM replied WHERE reply IS NOT NULL")
    messages: int = counted["messages"].to_pylist()[0]
    number = -(-messages // MOST)
    if number < 2:
        return ["TRUE"]
    starts = database.query(sql_text("block_starts", room="replies", size=str(-(-messages // number))))
    first = [(row["received_at"], row["order_key"]) for row in starts.to_pylist()]
    return [_between(start, end) for start, end in pairwise([None, *first, None])]


def _between(start: Start, end: Start) -> str:
    conditions = [_from(*start)] if start else []
    if start and start[0]:
        conditions.append(f"received_at >= {literal(start[0])}")
    if start and start[0] and end:
        conditions.append(f"received_at <= {literal(end[0])}")
    if end:
        conditions.append(f"NOT {_from(*end)}")
    return " AND ".join(conditions)


def _from(time: datetime | None, key: str) -> str:
    """Return the condition of the rows from one on, never null."""
    if time is None:
        return f"(received_at IS NOT NULL OR order_key >= {literal(key)})"
    at = literal(time)
    return f"coalesce(received_at > {at} OR received_at = {at} AND order_key >= {literal(key)}, FALSE)"
