"""The SQL of the engine's views."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from hotline_tools.day_counts import counting_sql
from hotline_tools.schema import EVENT_TIMES
from hotline_tools.sql import literal

Derived = Literal["labels", "issues"]
DERIVED: tuple[Derived, ...] = ("labels", "issues")

LABELLED_ORDERS = """
SELECT o.*,
       l.category, l.subcategory, l.confidence, l.needs_review, l.origin AS label_origin,
       l.request_type AS predicted_request_type,
       coalesce(o.request_type, l.request_type) AS effective_request_type
FROM stored_orders AS o LEFT JOIN labels AS l ON l.order_key = o.order_key
"""
RECEIVED_DAYS = f"SELECT * FROM counted_days UNION ALL {counting_sql('uncounted_orders')}"
LABELS_OF_BOTH = """
SELECT * FROM person_labels
UNION ALL BY NAME
SELECT * FROM model_labels WHERE order_key NOT IN (SELECT order_key FROM person_labels)
"""


SPANNED = (*EVENT_TIMES, "district")
"""Columns of which the first and the last value are known from the footers."""


def spans(ends: Mapping[str, tuple[Any, Any]]) -> dict[str, str]:
    """Return the SELECTs of ``received_span``, ``latest_times``, ``district_span`` from the ends found."""
    last = ", ".join(f"{_time(ends[name][1])} AS {name}" for name in EVENT_TIMES)
    first, until = map(_time, ends["received_at"])
    district, other = map(_text, ends["district"])
    return {
        "received_span": f"SELECT {first} AS first, {until} AS last",
        "latest_times": f"SELECT {last}",
        "district_span": f"SELECT {district} AS first, {other} AS last",
    }


def _time(value: datetime | None) -> str:
    return f"CAST({literal(value)} AS TIMESTAMP)"


def _text(value: str | None) -> str:
    return f"CAST({literal(value)} AS VARCHAR)"


def later_imports(later: Mapping[Derived, Sequence[str]]) -> str:
    """Return the SELECT of ``derived`` and ``import_id``, from the imports after each derived table."""
    rows = [(derived, name) for derived, names in later.items() for name in names]
    values = ", ".join(f"({literal(derived)}, {literal(name)})" for derived, name in rows)
    none = "SELECT '' AS derived, '' AS import_id WHERE FALSE"
    return f"SELECT * FROM (VALUES {values}) AS later (derived, import_id)" if rows else none


LOGGED = 'STRUCT("columns" STRUCT("field" VARCHAR, headers VARCHAR[], "unknown" BIGINT, invalid BIGINT)[])'
"""What is read of an import record's ``quality``, as DuckDB's type."""
UNREAD_VALUES = """
SELECT DISTINCT item.field AS field, array_to_string(item.headers, '+') AS header
FROM (SELECT unnest(quality.columns) AS item FROM import_log) AS logged
WHERE item.unknown + item.invalid > 0
"""
"""The columns with values that an import could not read."""


def import_log(records: Sequence[Path]) -> str:
    """Return the SELECT of the import records' ``quality``, a row an import; of no rows without records."""
    if not records:
        return f"SELECT NULL::{LOGGED} AS quality WHERE FALSE"
    names = ", ".join(literal(str(path)) for path in records)
    return f"SELECT quality FROM read_json([{names}], columns = {{quality: {literal(LOGGED)}}})"
