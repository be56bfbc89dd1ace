"""The masked orders behind the rows of a briefing's tables: what a person looks at behind a figure."""

from collections.abc import Container, Sequence
from dataclasses import replace

from hotline_tools.briefing.masking import masked_twice
from hotline_tools.document import Behind, Document, OrdersBehind, counted_key, key_of
from hotline_tools.privacy import mask_text
from hotline_tools.reports.query import Database, Query, filter_conditions, scope
from hotline_tools.sql import literal
from hotline_tools.table import ROW_KIND, Cell, Field, ReportTable

MOST = 50
"""Orders that a row opens at most."""
_IDS, _KEYS, _KEY = "order_ids", "order_keys", "order_key"
"""Cells of the rows that know their orders themselves: issues and alerts, and an order's own."""
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
    "category": ("category", "request_type", "effective_request_type"),
}
"""Cell → what of an order may equal it, the closest cell first."""
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
_VALID = "status IS DISTINCT FROM 'cancelled'"
Row = dict[str, Cell]
Found = dict[tuple[str, str], tuple[str, int, list[str]]]
"""(cell, key) → what the orders have in common, how many they are, and the keys of the latest."""


def with_orders(document: Document, database: Database, query: Query) -> Document:
    """Return the document with the orders behind the rows of its tables."""
    rows = [row for table in document.printed().tables for row in table.rows if row.get(ROW_KIND) is None]
    found = _by_levels(database, query, rows) | _by_ids(rows)
    orders = _orders(database, query, {one for _, _, keys in found.values() for one in keys})
    place = {str(row[_KEY]): number for number, row in enumerate(orders)}
    places = set(database.query("SELECT DISTINCT place FROM stored_orders")["place"].to_pylist())
    orders = [_masked(row, places) for row in orders]
    behind = {
        key: Behind(name, total, tuple(sorted(place[one] for one in keys if one in place)))
        for key, (name, total, keys) in found.items()
    }
    columns = tuple(column for column in _COLUMNS if any(row[column.name] for row in orders))
    table = ReportTable("orders", "工单", columns, orders)
    return replace(document, orders=OrdersBehind(table, (_IDS, _KEY, *_LEVELS), behind))


def _by_ids(rows: Sequence[Row]) -> Found:
    """Return the orders of the rows that name them."""
    found: Found = {}
    for row in rows:
        ids, keys = row.get(_IDS), row.get(_KEYS)
        if isinstance(ids, list) and isinstance(keys, list) and keys:
            name = str(row.get("label") or row.get("subject") or "工单")
            found[_IDS, key_of(ids)] = name, len(keys), [str(one) for one in keys[-MOST:]]
        elif row.get(_KEY):
            found[_KEY, key_of(row[_KEY])] = "工单", 1, [str(row[_KEY])]
    return found


def _by_levels(database: Database, query: Query, rows: Sequence[Row]) -> Found:
    """Return the orders received in the period that have a row's value at a level, all or the valid ones.

    Which of them a row counts tells their number; a row that counts others, as those closed, opens none.
    """
    found: Found = {}
    for name, levels in _LEVELS.items():
        values = ", ".join(sorted({literal(key_of(row[name])) for row in rows if row.get(name)}))
        for level in levels if values else ():
            own = (
                f"SELECT {level} AS value, order_key, received_at, {_VALID} AS is_valid FROM ({scope(query)})"
            )
            answer = database.query(
                "SELECT value, grouping(is_valid) = 1 AS is_of_all, is_valid, count(*) AS total, "
                f"list(order_key ORDER BY received_at DESC, order_key)[:{MOST}] AS keys "
                f"FROM ({own} AS received) AS found WHERE value IN ({values}) "
                "GROUP BY GROUPING SETS ((value), (value, is_valid)) ORDER BY value, is_of_all DESC"
            )
            for row in answer.to_pylist():
                if row["is_of_all"] or row["is_valid"]:
                    key = name, counted_key(row["value"], row["total"])
                    found.setdefault(key, (row["value"], row["total"], row["keys"]))
    return found


def _orders(database: Database, query: Query, keys: set[str]) -> list[Row]:
    """Return the orders, the latest first."""
    if not keys:
        return []
    listed = ", ".join(literal(one) for one in sorted(keys))
    conditions = " AND ".join((f"{_KEY} IN ({listed})", *filter_conditions(query)))
    rows: list[Row] = database.query(
        f"SELECT {_KEY}, {_ID} AS order_id, received_at, coalesce(subcategory, category) AS subject, "
        f"department, street, title FROM orders WHERE {conditions} ORDER BY received_at DESC, order_key"
    ).to_pylist()
    return rows


def _masked(row: Row, places: Container[str]) -> Row:
    title = without_places(str(row["title"] or ""), places)
    shown = {name: value for name, value in row.items() if name != _KEY}
    return {**shown, "order_id": mask_text(str(row["order_id"])), "title": masked_twice(title, "caller")}


def without_places(text: str, places: Container[str]) -> str:
    """Return a text in which none of the places is named, the longest name at a position first."""
    kept, at = [], 0
    while at < len(text):
        ends = range(min(len(text), at + _LONGEST_PLACE), at + _SHORTEST_PLACE - 1, -1)
        end = next((end for end in ends if text[at:end] in places), 0)
        kept.append(_SOMEWHERE if end else text[at])
        at = end or at + 1
    return "".join(kept)
