"""The masked orders behind the rows of a briefing's tables: what a person looks at behind a figure."""

from collections.abc import Container, Sequence
from dataclasses import replace

from hotline_tools.briefing.masking import masked_twice
from hotline_tools.document import Behind, Document, OrdersBehind, key_of
from hotline_tools.privacy import mask_text
from hotline_tools.reports.query import Database, Query, filter_conditions, scope
from hotline_tools.sql import literal
from hotline_tools.table import ROW_KIND, Cell, Field, ReportTable

MOST = 50
"""Orders that a row opens at most."""
_IDS = "order_ids"
"""The cell of the rows that know their orders themselves: issues and alerts."""
_DAY, _MONTH = "strftime(received_at, '%Y-%m-%d')", "strftime(received_at, '%Y-%m')"
_LEVELS: dict[str, tuple[str, ...]] = {
    "step": (_DAY, _MONTH),
    "subcategory": ("subcategory",),
    "item": ("subcategory",),
    "unit": ("department",),
    "channel": ("channel",),
    "community": ("community",),
    "street": ("street",),
    "district": ("district",),
    "category": ("category", "effective_request_type"),
}
"""Cell → what of an order may equal it, the closest cell first; the first that finds an order counts."""
_COLUMNS = (
    Field("order_id", "工单编号"),
    Field("received_at", "受理时间", "datetime"),
    Field("subject", "事项"),
    Field("department", "主办单位"),
    Field("street", "镇街"),
    Field("title", "标题（已脱敏）"),
)
_SOMEWHERE = "某处"
"""Stands for a place: one finer than a community would tell who called."""
_SHORTEST_PLACE, _LONGEST_PLACE = 3, 16
"""Letters of the names that are looked for; shorter ones are words too."""
_ID = "coalesce(order_id, order_key)"
Row = dict[str, Cell]
Found = dict[tuple[str, str], tuple[str, int, list[str]]]
"""(cell, key) → what the orders have in common, how many they are, and the numbers of the latest."""


def with_orders(document: Document, database: Database, query: Query) -> Document:
    """Return the document with the orders behind the rows of its tables."""
    rows = [row for table in document.printed().tables for row in table.rows if row.get(ROW_KIND) is None]
    found = _by_levels(database, query, rows) | _by_ids(rows)
    orders = _orders(database, query, {one for _, _, ids in found.values() for one in ids})
    place = {str(row["order_id"]): number for number, row in enumerate(orders)}
    places = set(database.query("SELECT DISTINCT place FROM stored_orders")["place"].to_pylist())
    orders = [_masked(row, places) for row in orders]
    behind = {
        key: Behind(name, total, tuple(sorted(place[one] for one in ids if one in place)))
        for key, (name, total, ids) in found.items()
    }
    columns = tuple(column for column in _COLUMNS if any(row[column.name] for row in orders))
    table = ReportTable("orders", "工单", columns, orders)
    return replace(document, orders=OrdersBehind(table, (_IDS, *_LEVELS), behind))


def _by_ids(rows: Sequence[Row]) -> Found:
    """Return the orders of the rows that name them."""
    found: Found = {}
    for row in rows:
        ids = row.get(_IDS)
        if isinstance(ids, list) and ids:
            name = str(row.get("label") or row.get("subject") or "工单")
            found[_IDS, key_of(ids)] = name, len(ids), [str(one) for one in ids[-MOST:]]
    return found


def _by_levels(database: Database, query: Query, rows: Sequence[Row]) -> Found:
    """Return the orders received in the period that have a row's value at a level."""
    found: Found = {}
    for name, levels in _LEVELS.items():
        left = {key_of(row[name]) for row in rows if row.get(name)}
        for level in levels:
            values = ", ".join(literal(value) for value in sorted(left))
            if not values:
                break
            answer = database.query(
                f"SELECT {level} AS value, count(*) AS total, "
                f"list({_ID} ORDER BY received_at DESC, order_key)[:{MOST}] AS ids "
                f"FROM ({scope(query)}) AS found WHERE {level} IN ({values}) GROUP BY 1 ORDER BY 1"
            )
            for row in answer.to_pylist():
                found[name, row["value"]] = row["value"], row["total"], row["ids"]
                left.discard(row["value"])
    return found


def _orders(database: Database, query: Query, ids: set[str]) -> list[Row]:
    """Return the orders, the latest first."""
    if not ids:
        return []
    listed = ", ".join(literal(one) for one in sorted(ids))
    conditions = " AND ".join((f"{_ID} IN ({listed})", *filter_conditions(query)))
    rows: list[Row] = database.query(
        f"SELECT {_ID} AS order_id, received_at, coalesce(subcategory, category) AS subject, "
        f"department, street, title FROM orders WHERE {conditions} ORDER BY received_at DESC, order_key"
    ).to_pylist()
    return rows


def _masked(row: Row, places: Container[str]) -> Row:
    title = without_places(str(row["title"] or ""), places)
    return {**row, "order_id": mask_text(str(row["order_id"])), "title": masked_twice(title, "caller")}


def without_places(text: str, places: Container[str]) -> str:
    """Return a text in which none of the places is named, the longest name at a position first."""
    kept, at = [], 0
    while at < len(text):
        ends = range(min(len(text), at + _LONGEST_PLACE), at + _SHORTEST_PLACE - 1, -1)
        end = next((end for end in ends if text[at:end] in places), 0)
        kept.append(_SOMEWHERE if end else text[at])
        at = end or at + 1
    return "".join(kept)
