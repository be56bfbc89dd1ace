"""Orders with the issue they belong to: the repeats table when there is one, else place + subcategory."""

from collections.abc import Collection
from datetime import datetime

from hotline_tools.errors import UsageError
from hotline_tools.reports.query import Database, known_at_sql
from hotline_tools.sql import fill, literal
from hotline_tools.table import Note, NoteKind

MEMBERS = "issue_members"
"""The view of ``hotline repeats``: order_key, issue_id."""

_BY_MEMBERS = """
SELECT o.*, m.issue_id AS issue_id
FROM {source} AS o JOIN issue_members AS m ON m.order_key = o.order_key{sure}
"""
_SURE = """
JOIN (SELECT issue_id FROM issues WHERE NOT coalesce(to_check, FALSE)) AS sure
    ON sure.issue_id = m.issue_id"""
_BY_PLACE = """
SELECT *, concat(place, ' · ', subcategory) AS issue_id
FROM {source} WHERE place IS NOT NULL AND subcategory IS NOT NULL
"""
_ORDERS = """
WITH issued AS ({issued}),
members AS (
    SELECT * FROM (
        SELECT order_key, issue_id, received_at, closed_at, count(*) OVER (PARTITION BY issue_id) AS orders
        FROM issued WHERE {known}
    ) AS counted
    WHERE orders >= 2
),
moments AS (  -- at the same moment receipts come before closings: back is what comes later
    SELECT order_key, issue_id, received_at AS moment, 0 AS is_closing, received_at FROM members
    UNION ALL
    SELECT order_key, issue_id, closed_at AS moment, 1 AS is_closing, CAST(NULL AS TIMESTAMP) AS received_at
    FROM members WHERE closed_at IS NOT NULL
),
followed AS (
    SELECT order_key, is_closing, min(received_at) OVER (
        PARTITION BY issue_id ORDER BY moment, is_closing ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS back_at
    FROM moments
)
SELECT m.order_key, m.issue_id, f.back_at
FROM members AS m LEFT JOIN followed AS f ON f.order_key = m.order_key AND f.is_closing = 1
"""


def define_issued(database: Database, source: str = "scope", name: str = "issued") -> Note:
    """Define the view ``name`` (orders of ``source`` with ``issue_id``) and return a note on its kind."""
    if has_members(database):
        unsure = _issues_to_check(database)
        database.define(name, _issued_sql(source, tells_unsure=unsure is not None))
        text = "同一事项取自 hotline repeats 的识别结果"
        aside = f"；库中另有 {unsure:,} 个事项把握不足、待核实，不计入" if unsure else ""
        return Note(NoteKind.DEFINITION, f"{text}{aside}。")
    database.define(name, fill(_BY_PLACE.strip(), {"source": source}))
    return Note(
        NoteKind.QUALITY,
        "库中还没有重复诉求的识别结果，暂以“同一地点 + 同一子类”为同一事项；运行 hotline repeats 后更准。",
    )


def _issued_sql(source: str, *, tells_unsure: bool) -> str:
    """Return the SELECT of the view ``issued`` from what ``hotline repeats`` found and is sure of."""
    return fill(_BY_MEMBERS.strip(), {"source": source, "sure": _SURE if tells_unsure else ""})


def _issues_to_check(database: Database) -> int | None:
    """Return how many issues of the store somebody has to look at; None where none was told (old stores)."""
    try:
        found = database.query("SELECT count(*) AS issues FROM issues WHERE to_check").to_pylist()
    except UsageError:
        return None
    return int(found[0]["issues"])


def define_issue_orders(database: Database, as_of: datetime | None = None, *, by_place: bool = False) -> None:
    """Define the view ``issue_orders``: each order of an issue that has at least two.

    Columns: ``order_key``, ``issue_id``, and ``back_at``, when the issue came up again after the order was
    closed. Orders that came in after ``as_of`` were not known then. Without the result of ``hotline repeats``
    it is empty, unless ``by_place`` takes the same place and subcategory for an issue. The view
    ``issues_told`` has a row where issues were looked for: that there is none is a result, too.
    """
    numbered = has_members(database)
    database.define("issues_told", f"SELECT 1 AS one WHERE {'TRUE' if numbered or by_place else 'FALSE'}")
    if not numbered and not by_place:
        none = "CAST(NULL AS VARCHAR) AS order_key, CAST(NULL AS VARCHAR) AS issue_id"
        database.define("issue_orders", f"SELECT {none}, CAST(NULL AS TIMESTAMP) AS back_at WHERE FALSE")
        return
    if numbered:
        orders = _issued_sql("stored_orders", tells_unsure=_issues_to_check(database) is not None)
    else:
        orders = fill(_BY_PLACE.strip(), {"source": "orders"})
    database.define("issue_orders", fill(_ORDERS.strip(), {"issued": orders, "known": known_at_sql(as_of)}))


def issue_names(database: Database, ids: Collection[str]) -> dict[str, str]:
    """Return the names that ``hotline repeats`` and people gave to these issues; none without them."""
    if not ids:
        return {}
    listed = ", ".join(map(literal, ids))
    named = f"SELECT issue_id, label FROM issues WHERE label IS NOT NULL AND issue_id IN ({listed})"
    try:
        rows = database.query(named).to_pylist()
    except UsageError:
        return {}
    return {row["issue_id"]: row["label"] for row in rows}


def has_members(database: Database) -> bool:
    """Tell whether ``hotline repeats`` has run on this store."""
    try:
        database.query(f"SELECT order_key, issue_id FROM {MEMBERS} LIMIT 0")
    except UsageError:
        return False
    return True
