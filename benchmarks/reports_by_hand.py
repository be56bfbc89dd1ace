# ruff: noqa: E501 - statements are easier to check unbroken
"""The figures of the KPI reports, written by hand in DuckDB SQL for one known store.

Whoever writes for one store knows that every order has a deadline, no order is cancelled, no person has
corrected a label and nothing is missing; the reports have to find that out. Text made of months and names is
put together afterwards, as the reports do.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from hotline_tools.calendar.days import WorkCalendar

Rows = dict[Any, tuple[Any, ...]]
MEMORY = "800MB"
"""As much as the toolkit allows DuckDB by default."""
_LABELLED = "orders LEFT JOIN labels USING (order_key)"
_RATED = "satisfaction IN ('satisfied', 'basically', 'dissatisfied')"
_ASKED = "resolved IN ('yes', 'partly', 'no')"
_REVISITED = f"(revisited_at IS NOT NULL OR {_RATED} OR {_ASKED})"


def _worked(moment: str, day: str) -> str:
    """Seconds of working days up to a moment; days of rest count nothing."""
    passed = f"date_diff('second', date_trunc('day', {moment}), {moment})"
    return f"({day}.workdays_before * 86400 + CASE WHEN {day}.is_working THEN {passed} ELSE 0 END)"


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
            ELSE e.day + INTERVAL 86399 SECOND END AS sign_by,
        closed_at <= as_of AS closed, due_at <= as_of AS due, dispatched_at + INTERVAL 24 HOUR AS contact_by,
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
    count(*) FILTER (WHERE coalesce(responded, first_contact_at <= contact_by)),
    count(*) FILTER (WHERE responded IS NOT NULL OR contact_by <= as_of),
    quantile_cont(hours, [0.5, 0.9]), avg(hours), quantile_cont(working, [0.5, 0.9]), avg(working),
    count(*) FILTER (WHERE closed), count(*) FILTER (WHERE closed AND closed_at > due_at),
    count(*) FILTER (WHERE closed IS NOT TRUE), count(*) FILTER (WHERE due AND closed IS NOT TRUE)
FROM (SELECT *, coalesce({unit}, '（未填写）') AS unit FROM timed) GROUP BY GROUPING SETS ((unit), ())
"""


_SATISFIED = "satisfaction IN ('satisfied', 'basically')"


def _cells(unit: str) -> str:
    """Numerator and denominator of the scored rates by unit and category, and by unit and week."""
    rates = (
        ("due_at <= as_of AND closed_at <= due_at", "due_at <= as_of"),
        ("resolved = 'yes'", _ASKED),
        (_SATISFIED, _RATED),
    )
    counts = ", ".join(f"count(*) FILTER (WHERE {end})" for rate in rates for end in rate)
    return f"""
WITH {_AS_OF}, split AS (
    SELECT orders.*, as_of, coalesce({unit}, '（未填写）') AS unit, date_trunc('week', received_at) AS week, category
    FROM {_LABELLED} CROSS JOIN as_of)
SELECT unit, grouping(week) = 1 AS is_category, category, {counts}
FROM split GROUP BY GROUPING SETS ((unit, category), (unit, week))
"""


def _standardised(cells: list[tuple[Any, ...]]) -> dict[str, tuple[float, ...]]:
    """Unit → its rates as if all units handled alike categories, from the rows of ``_cells``."""
    found: dict[str, tuple[float, ...]] = {}
    for first in (3, 5, 7):
        mine = [(row[0], row[2], row[first], row[first + 1]) for row in cells if row[1]]
        totals: dict[Any, list[int]] = {}
        for _, category, hits, orders in mine:
            total = totals.setdefault(category, [0, 0])
            total[0], total[1] = total[0] + hits, total[1] + orders
        whole = sum(hits for hits, _ in totals.values()) / max(
            sum(orders for _, orders in totals.values()), 1
        )
        units: dict[str, list[float]] = {}
        for unit, category, hits, orders in mine:
            sums = units.setdefault(unit, [0.0, 0.0, 0.0])
            sums[0] += hits
            sums[1] += orders
            sums[2] += orders * totals[category][0] / max(totals[category][1], 1)
        for unit, (hits, orders, expected) in units.items():
            if whole <= 0.5:
                rate = min(1.0, whole * hits / expected if expected else whole)
            else:
                missed = orders - expected
                rate = max(0.0, 1 - (1 - whole) * (orders - hits) / missed if missed else whole)
            found[unit] = (*found.get(unit, ()), rate if orders else 0.0)
    return found


_CLEARED = "(status = 'closed' OR closed_at IS NOT NULL)"


def _categories(name: str) -> str:
    """Orders, those to be reviewed, how satisfied, and the types of request of each category."""
    return f"""
WITH named AS (SELECT {name} AS name, needs_review, satisfaction, request_type FROM {_LABELLED}),
typed AS (SELECT name, count(*) AS types, max(n) AS largest
    FROM (SELECT name, request_type, count(*) AS n FROM named WHERE request_type IS NOT NULL GROUP BY ALL) GROUP BY ALL)
SELECT name, n, reviewed, satisfied, rated, types, largest FROM (
    SELECT name, count(*) AS n, count(*) FILTER (WHERE needs_review) AS reviewed,
        count(*) FILTER (WHERE {_SATISFIED}) AS satisfied, count(*) FILTER (WHERE {_RATED}) AS rated
    FROM named GROUP BY ALL) LEFT JOIN typed USING (name)"""


SQL: dict[str, str] = {
    "departments": _departments("department"),
    "departments by street": _departments("street"),
    "departments by community": _departments("community"),
    "categories": _categories("category"),
    "categories by subcategory": _categories("concat(category, '/', subcategory)"),
    "trend": "SELECT date_trunc('month', received_at), count(*) FROM orders GROUP BY ALL",
    "trend by street": "SELECT date_trunc('month', received_at), street, count(*) FROM orders GROUP BY ALL",
    "channels": f"SELECT channel, count(*), count(*) FILTER (WHERE {_CLEARED}), "
    f"count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically')), count(*) FILTER (WHERE {_RATED}) "
    "FROM orders GROUP BY ALL",
    "areas": f"""
WITH counted AS (SELECT coalesce(street, '（未填写）') AS street, category, count(*) AS n FROM {_LABELLED} GROUP BY ALL),
callers AS (SELECT coalesce(street, '（未填写）') AS street, count(*) AS n, count(DISTINCT caller_key) AS callers,
    count(*) FILTER (WHERE {_CLEARED}) AS closed, count(*) FILTER (WHERE {_SATISFIED}) AS satisfied,
    count(*) FILTER (WHERE {_RATED}) AS rated FROM orders GROUP BY ALL)
SELECT c.street, c.n, c.callers, max(k.n), c.closed, c.satisfied, c.rated FROM callers AS c JOIN counted AS k USING (street) GROUP BY ALL""",
    "hours": "SELECT (isodow(received_at) - 1) * 24 + hour(received_at), count(*) FROM orders GROUP BY ALL",
    "pareto": f"SELECT subcategory, count(*) FROM {_LABELLED} GROUP BY ALL",
    "ledger": f"""
WITH {_AS_OF}
SELECT m, coalesce(opened, 0), coalesce(cleared, 0), coalesce(public, 0), coalesce(settled, 0), coalesce(rated, 0),
    coalesce(instant, 0), coalesce(timed, 0), coalesce(joint, 0), coalesce(cleared_late, 0),
    coalesce(sum(opened) OVER months, 0) - coalesce(sum(cleared) OVER months, 0),
    coalesce(sum(late) OVER months, 0) - coalesce(sum(cleared_late) OVER months, 0)
FROM (SELECT date_trunc('month', received_at) AS m, count(*) AS opened FROM orders GROUP BY ALL)
FULL JOIN (
    SELECT date_trunc('month', greatest(closed_at, received_at)) AS m, count(*) AS cleared,
        count(reply) AS public, count(*) FILTER (WHERE co_departments IS NULL AND handling_hours <= 24) AS instant,
        count(*) FILTER (WHERE co_departments IS NULL AND handling_hours > 24) AS timed,
        count(co_departments) AS joint, count(*) FILTER (WHERE closed_at > due_at) AS cleared_late
    FROM orders WHERE closed_at IS NOT NULL GROUP BY ALL
) USING (m)
FULL JOIN (
    SELECT date_trunc('month', coalesce(revisited_at, closed_at)) AS m, count(*) AS rated,
        count(*) FILTER (WHERE satisfaction = 'satisfied') AS settled
    FROM orders WHERE closed_at IS NOT NULL AND {_RATED} GROUP BY ALL
) USING (m)
FULL JOIN (
    SELECT date_trunc('month', due_at - INTERVAL 1 MICROSECOND) AS m, count(*) AS late
    FROM orders CROSS JOIN as_of
    WHERE due_at <= as_of AND (closed_at IS NULL OR closed_at > due_at) GROUP BY ALL
) USING (m)
WINDOW months AS (ORDER BY m)""",
    "loop": f"""
WITH {_AS_OF}, timed AS (SELECT *, closed_at <= as_of AS closed,
    CASE WHEN dispatched_at >= received_at THEN date_diff('second', received_at, dispatched_at) / 3600.0 END AS d,
    CASE WHEN signed_at >= dispatched_at THEN date_diff('second', dispatched_at, signed_at) / 3600.0 END AS s,
    CASE WHEN closed_at >= received_at THEN date_diff('second', received_at, closed_at) / 3600.0 END AS c,
    CASE WHEN revisited_at >= closed_at THEN date_diff('second', closed_at, revisited_at) / 3600.0 END AS r
    FROM orders CROSS JOIN as_of)
SELECT 'loop', count(*), count(signed_at), count(*) FILTER (WHERE returns > 0), count(*) FILTER (WHERE closed),
    count(*) FILTER (WHERE closed AND closed_at > due_at), count(*) FILTER (WHERE closed IS NOT TRUE),
    count(*) FILTER (WHERE due_at <= as_of AND closed_at <= due_at),
    count(*) FILTER (WHERE closed AND {_REVISITED}),
    count(*) FILTER (WHERE satisfaction IN ('basically', 'dissatisfied')),
    count(*) FILTER (WHERE satisfaction = 'satisfied'), count(*) FILTER (WHERE resolved = 'yes'),
    count(*) FILTER (WHERE due_at <= as_of), count(*) FILTER (WHERE {_RATED}), count(*) FILTER (WHERE {_ASKED}),
    count(*) FILTER (WHERE closed IS NOT TRUE AND signed_at IS NULL), count(*) FILTER (WHERE closed IS NOT TRUE),
    count(*) FILTER (WHERE due_at <= as_of AND closed IS NOT TRUE),
    count(*) FILTER (WHERE closed AND {_REVISITED} IS NOT TRUE),
    count(*) FILTER (WHERE satisfaction IN ('basically', 'dissatisfied') AND coalesce(redos, 0) = 0),
    {", ".join(f"count({x}), quantile_cont({x}, [0.5, 0.9]), avg({x})" for x in "dscr")}
FROM timed""",
    "levels": f"""
WITH judged AS (SELECT district, street, community, grid, closed_at IS NOT NULL AS closed,
    dispatched_at IS NOT NULL OR department IS NOT NULL OR closed_at IS NOT NULL AS flowed,
    category LIKE '%医患纠纷%' OR category LIKE '%矛盾%' OR subcategory LIKE '%医患纠纷%' OR subcategory LIKE '%矛盾%'
        OR coalesce(original_category LIKE '%医患纠纷%' OR original_category LIKE '%矛盾%', FALSE) AS dispute,
    coalesce(resolved, 'unknown') <> 'no' AS settled FROM {_LABELLED})
SELECT CASE WHEN grouping(district) = 0 THEN 'district' WHEN grouping(street) = 0 THEN 'street'
        WHEN grouping(community) = 0 THEN 'community' ELSE 'grid' END,
    coalesce(district, street, community, grid), count(*), count(*) FILTER (WHERE flowed),
    count(*) FILTER (WHERE dispute), count(*) FILTER (WHERE dispute AND closed AND settled)
FROM judged GROUP BY GROUPING SETS ((district), (street), (community), (grid))
HAVING coalesce(district, street, community, grid) IS NOT NULL""",
    "supervise": f"""
WITH {_AS_OF}, rated AS (
    SELECT order_key, order_id, satisfaction, coalesce(revisited_at, closed_at) AS asked_at,
        coalesce('c:' || caller_key, 'p:' || department || '|' || place || '|' || subcategory) AS who
    FROM {_LABELLED} WHERE {_RATED}
), revisits AS (
    SELECT order_key, asked_at, satisfaction, lag(order_id) OVER before AS order_before,
        lag(satisfaction) OVER before AS satisfaction_before
    FROM rated WHERE who IS NOT NULL WINDOW before AS (PARTITION BY who ORDER BY asked_at, order_key)
), twice AS (
    SELECT order_key, order_before FROM revisits CROSS JOIN as_of
    WHERE satisfaction = 'dissatisfied' AND satisfaction_before = 'dissatisfied' AND asked_at >= as_of - INTERVAL 30 DAY
), judged AS (
    SELECT o.*, as_of, order_before,
        greatest(received_at, dispatched_at, signed_at, first_contact_at) AS moved_at,
        closed_at IS NULL AND due_at <= as_of AS overdue_now,
        closed_at IS NULL AND due_at > as_of AND {_worked("due_at", "due_day")} - {_worked("as_of", "as_of_day")}
            <= 24 * 3600 AS due_soon,
        closed_at IS NULL AND reply IS NULL AND responded IS NOT TRUE AND first_contact_at IS NULL
            AND coalesce(dispatched_at, received_at) < as_of - INTERVAL 24 HOUR AS unanswered,
        closed_at IS NULL AND {_worked("as_of", "as_of_day")} - {_worked("moved_at", "moved_day")} > 72 * 3600 AS stalled,
        twice.order_key IS NOT NULL AS dissatisfied_twice,
        returns >= 2 AND (closed_at IS NULL OR closed_at >= as_of - INTERVAL 30 DAY) AS returned_often,
        satisfaction IN ('basically', 'dissatisfied')
            AND coalesce(revisited_at, closed_at, received_at) >= as_of - INTERVAL 30 DAY AS sent_back
    FROM orders AS o CROSS JOIN as_of LEFT JOIN twice USING (order_key)
    LEFT JOIN calendar AS as_of_day ON as_of_day.day = CAST(as_of AS DATE)
    LEFT JOIN calendar AS due_day ON due_day.day = CAST(due_at AS DATE)
    LEFT JOIN calendar AS moved_day
        ON moved_day.day = CAST(greatest(received_at, dispatched_at, signed_at, first_contact_at) AS DATE)
)
SELECT order_id, department, title, street, community, received_at, due_at, satisfaction, returns, order_before,
    overdue_now, due_soon, unanswered, stalled, dissatisfied_twice, returned_often, sent_back,
    date_diff('second', due_at, as_of) / 3600.0, date_diff('second', coalesce(dispatched_at, received_at), as_of) / 3600.0,
    date_diff('second', moved_at, as_of) / 3600.0
FROM judged
WHERE overdue_now OR due_soon OR unanswered OR stalled OR dissatisfied_twice OR returned_often OR sent_back
ORDER BY department, due_at, received_at, order_id""",
}
"""Case → a statement whose first column names the row."""
CELLS = {
    case: _cells(unit)
    for case, unit in (
        ("departments", "department"),
        ("departments by street", "street"),
        ("departments by community", "community"),
    )
}
"""Case → what its standardised rates and the marks of its board are worked out from."""


def by_hand(case: str, store: Path, threads: int) -> Rows:
    """Run the hand-written statement; ``calendar`` is the toolkit's own view of working days."""
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": threads}) as database:
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
        found = _keyed(case, database.sql(SQL[case]).fetchall())
        if case in CELLS:
            standardised = _standardised(database.sql(CELLS[case]).fetchall())
            found = {unit: (*row, *standardised.get(unit, (0.0, 0.0, 0.0))) for unit, row in found.items()}
        return found


def _keyed(case: str, rows: list[tuple[Any, ...]]) -> Rows:
    """Return name of the row → its figures, lists of percentiles laid flat."""
    if case == "supervise":
        return supervised(zip(*rows, strict=True))
    flat = [tuple(chain.from_iterable(x if isinstance(x, list) else (x,) for x in row)) for row in rows]
    if case.startswith("trend") or case == "ledger":
        width = 2 if " by " in case else 1
        return {_step(row[:width]): row[width:] for row in flat}
    width = 2 if case == "levels" else 1
    return {row[:width] if width > 1 else row[0]: row[width:] for row in flat}


def _step(key: tuple[Any, ...]) -> str:
    return f"{key[0]:%Y-%m}" + "".join(name or "（未填写）" for name in key[1:])


def supervised(columns: Iterable[Sequence[Any]]) -> Rows:
    """Return how many rows there are and how many of each reason; columns as the statement selects them."""
    found = list(columns)
    return {"supervise": (len(found[0]), *(sum(map(bool, flags)) for flags in found[10:17]))}
