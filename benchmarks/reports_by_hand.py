# ruff: noqa: E501 - statements are easier to check unbroken
"""The figures of the KPI reports, written by hand: DuckDB SQL for one known store, and pandas.

Whoever writes for one store knows that every order has a deadline, no order is cancelled and nothing
is missing; the reports have to find that out.
"""

from pathlib import Path
from typing import Any

import duckdb

Rows = dict[Any, tuple[Any, ...]]
_RATED = "satisfaction IN ('satisfied', 'basically', 'dissatisfied')"
_ASKED = "resolved IN ('yes', 'partly', 'no')"
_REVISITED = f"(revisited_at IS NOT NULL OR {_RATED} OR {_ASKED})"
_AS_OF = (
    "as_of AS (SELECT greatest(max(received_at), max(dispatched_at), max(signed_at), max(first_contact_at), "
    "max(closed_at), max(revisited_at)) AS as_of FROM orders)"
)


def _office(moment: str, day: str) -> str:
    second = f"date_diff('second', date_trunc('day', {moment}), {moment})"
    return (
        f"({day}.workdays_before * 25200 + CASE WHEN {day}.is_working THEN greatest(0, least({second}, 43200) - "
        f"32400) + greatest(0, least({second}, 64800) - 50400) ELSE 0 END)"
    )


def _departments(unit: str) -> str:
    return f"""
WITH {_AS_OF}, days AS (SELECT * FROM calendar),
worked AS (SELECT * FROM days WHERE is_working),
timed AS (
    SELECT o.*, as_of, CASE WHEN s.is_working THEN e.day + (dispatched_at - date_trunc('day', dispatched_at))
            ELSE e.day + INTERVAL 1 DAY END AS sign_by,
        closed_at <= as_of AS closed, due_at <= as_of AS due,
        CASE WHEN closed_at >= received_at THEN date_diff('second', received_at, closed_at) / 3600.0 END AS hours,
        CASE WHEN closed_at >= received_at THEN ({_office("closed_at", "c")} - {_office("received_at", "r")})
            / 3600.0 END AS working
    FROM orders AS o CROSS JOIN as_of
    LEFT JOIN days AS r ON r.day = CAST(received_at AS DATE)
    LEFT JOIN days AS c ON c.day = CAST(closed_at AS DATE)
    LEFT JOIN days AS s ON s.day = CAST(dispatched_at AS DATE)
    LEFT JOIN worked AS e ON e.workdays_through = s.workdays_through + 1
)
SELECT coalesce(unit, 'total'), count(*),
    count(*) FILTER (WHERE signed_at <= sign_by AND sign_by <= as_of), count(*) FILTER (WHERE sign_by <= as_of),
    count(*) FILTER (WHERE due AND closed_at <= due_at), count(*) FILTER (WHERE due),
    count(*) FILTER (WHERE due AND closed), count(*) FILTER (WHERE resolved = 'yes'),
    count(*) FILTER (WHERE {_ASKED}), count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically')),
    count(*) FILTER (WHERE {_RATED}), count(*) FILTER (WHERE satisfaction = 'dissatisfied'),
    count(*) FILTER (WHERE {_REVISITED}), count(*) FILTER (WHERE closed AND {_REVISITED}),
    count(*) FILTER (WHERE returns > 0), count(*) FILTER (WHERE redos > 0), count(*) FILTER (WHERE extensions > 0),
    round(median(hours), 4), round(quantile_cont(hours, 0.9), 4), round(avg(hours), 4),
    round(median(working), 4), round(quantile_cont(working, 0.9), 4), round(avg(working), 4)
FROM (SELECT *, coalesce({unit}, '（未填写）') AS unit FROM timed) GROUP BY GROUPING SETS ((unit), ())
"""


_LABELLED = "orders LEFT JOIN labels USING (order_key)"
_CLEARED = "(status = 'closed' OR closed_at IS NOT NULL)"
SQL: dict[str, str] = {
    "departments": _departments("department"),
    "departments by street": _departments("street"),
    "departments by community": _departments("community"),
    "categories": f"SELECT category, count(*), count(*) FILTER (WHERE needs_review) FROM {_LABELLED} GROUP BY ALL",
    "categories by subcategory": "SELECT concat(category, '/', subcategory), count(*), "
    f"count(*) FILTER (WHERE needs_review) FROM {_LABELLED} GROUP BY ALL",
    "trend": "SELECT strftime(date_trunc('month', received_at), '%Y-%m'), count(*) FROM orders GROUP BY ALL",
    "trend by street": "SELECT concat(strftime(date_trunc('month', received_at), '%Y-%m'), coalesce(street, '（未填写）')), count(*) "
    "FROM orders GROUP BY ALL",
    "channels": f"SELECT channel, count(*), count(*) FILTER (WHERE {_CLEARED}), "
    f"count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically')), count(*) FILTER (WHERE {_RATED}) "
    "FROM orders GROUP BY ALL",
    "areas": f"""
WITH counted AS (SELECT coalesce(street, '（未填写）') AS street, category, count(*) AS n FROM {_LABELLED} GROUP BY ALL),
callers AS (SELECT coalesce(street, '（未填写）') AS street, count(*) AS n, count(DISTINCT caller_key) AS callers FROM orders GROUP BY ALL)
SELECT c.street, c.n, c.callers, max(k.n) FROM callers AS c JOIN counted AS k USING (street) GROUP BY ALL""",
    "hours": "SELECT (isodow(received_at) - 1) * 24 + hour(received_at), count(*) FROM orders GROUP BY ALL",
    "pareto": f"SELECT subcategory, count(*) FROM {_LABELLED} GROUP BY ALL",
    "ledger": f"SELECT strftime(date_trunc('month', received_at), '%Y-%m'), count(*), "
    f"count(*) FILTER (WHERE {_CLEARED}), count(*) FILTER (WHERE reply IS NOT NULL), "
    f"count(*) FILTER (WHERE {_CLEARED} AND {_RATED}), "
    f"count(*) FILTER (WHERE {_CLEARED} AND co_departments IS NOT NULL) FROM orders GROUP BY ALL",
    "loop": f"""
WITH {_AS_OF}, timed AS (SELECT *, closed_at <= as_of AS closed,
    CASE WHEN dispatched_at >= received_at THEN date_diff('second', received_at, dispatched_at) / 3600.0 END AS d,
    CASE WHEN signed_at >= dispatched_at THEN date_diff('second', dispatched_at, signed_at) / 3600.0 END AS s,
    CASE WHEN closed_at >= received_at THEN date_diff('second', received_at, closed_at) / 3600.0 END AS c,
    CASE WHEN revisited_at >= closed_at THEN date_diff('second', closed_at, revisited_at) / 3600.0 END AS r
    FROM orders CROSS JOIN as_of)
SELECT 'loop', count(*), count(signed_at), count(*) FILTER (WHERE returns > 0), count(*) FILTER (WHERE closed),
    count(*) FILTER (WHERE due_at <= as_of AND closed_at <= due_at),
    count(*) FILTER (WHERE closed AND {_REVISITED}),
    count(*) FILTER (WHERE satisfaction IN ('basically', 'dissatisfied')),
    count(*) FILTER (WHERE satisfaction = 'satisfied'), count(*) FILTER (WHERE resolved = 'yes'),
    {", ".join(f"median({x}), avg({x}), quantile_cont({x}, 0.9)" for x in "dscr")}
FROM timed""",
}
"""Case → a statement whose first column names the row."""


def by_hand(case: str, store: Path, threads: int) -> Rows:
    """Run the hand-written statement; ``calendar`` is the toolkit's own view of working days."""
    from hotline_tools.calendar.days import WorkCalendar

    with duckdb.connect(config={"memory_limit": "1GB", "threads": threads}) as database:
        database.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        database.execute(
            f"CREATE VIEW orders AS FROM read_parquet('{store}/orders/*/*.parquet', hive_partitioning = false)"
        )
        database.execute(
            "CREATE VIEW labels AS SELECT * EXCLUDE (request_type) "
            f"FROM read_parquet('{store}/labels/model.parquet')"
        )
        if "calendar" in SQL[case]:
            database.execute(f"CREATE VIEW calendar AS {WorkCalendar().select()}")
        return {row[0]: row[1:] for row in database.sql(SQL[case]).fetchall()}


_PANDAS_COLUMNS = {
    "departments": ["department", "received_at", "closed_at", "due_at", "satisfaction"],
    "categories": ["order_key"],
    "trend": ["received_at"],
}


def in_pandas(case: str, store: Path) -> Rows:
    """The like in pandas over the columns needed; of ``departments`` only orders, on time, rated, median."""
    import pandas as pd

    orders = pd.concat(
        pd.read_parquet(path, columns=_PANDAS_COLUMNS[case], partitioning=None)
        for path in sorted(store.glob("orders/*/*.parquet"))
    )
    if case == "trend":
        counts = orders.groupby(orders["received_at"].dt.strftime("%Y-%m")).size()
        return {month: (int(number),) for month, number in counts.items()}
    if case == "categories":
        columns = ["order_key", "category", "needs_review"]
        labels = pd.read_parquet(store / "labels" / "model.parquet", columns=columns)
        grouped = orders.merge(labels, on="order_key", how="left").groupby("category")["needs_review"]
        return {name: (len(part), int(part.sum())) for name, part in grouped}
    orders["on_time"] = orders["closed_at"] <= orders["due_at"]
    orders["rated"] = orders["satisfaction"].isin(["satisfied", "basically", "dissatisfied"])
    orders["hours"] = (orders["closed_at"] - orders["received_at"]).dt.total_seconds() / 3600
    grouped = orders.groupby("department").agg(
        n=("on_time", "size"), on_time=("on_time", "sum"), rated=("rated", "sum"), median=("hours", "median")
    )
    return {row.Index: (row.n, row.on_time, row.rated, round(row.median, 4)) for row in grouped.itertuples()}
