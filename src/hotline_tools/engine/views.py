"""The SQL of the engine's views, and what a statement asks of them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hotline_tools.schema import LABELS, ORDERS

_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}
LABELLED_ORDERS = """
SELECT o.*,
       l.category, l.subcategory, l.confidence, l.needs_review, l.origin AS label_origin,
       l.request_type AS predicted_request_type,
       coalesce(o.request_type, l.request_type) AS effective_request_type
FROM stored_orders AS o LEFT JOIN labels AS l ON l.order_key = o.order_key
"""
BARE_ORDERS = """
SELECT *, NULL::VARCHAR AS category, NULL::VARCHAR AS subcategory, NULL::DOUBLE AS confidence,
       NULL::BOOLEAN AS needs_review, NULL::VARCHAR AS label_origin, NULL::VARCHAR AS predicted_request_type,
       request_type AS effective_request_type
FROM stored_orders
"""
LABELS_OF_BOTH = """
SELECT * FROM person_labels
UNION ALL BY NAME
SELECT * FROM model_labels WHERE order_key NOT IN (SELECT order_key FROM person_labels)
"""
SPAN = "SELECT min(received_at) AS first, max(received_at) AS last FROM edge_orders"
WITH_LABELS = frozenset({"orders", "labels", "person_labels", "model_labels"})
"""The views that read the labels."""
_LISTS_VIEWS = re.compile(r"\b(information_schema|pg_catalog|duckdb_\w+)\b", re.IGNORECASE)
_READS_ORDERS = re.compile(r"\b(FROM|JOIN)\s+orders\b", re.IGNORECASE)
_SPEAKS_OF_LABELS = re.compile(
    r"\b(category|subcategory|confidence|needs_review|label_origin|predicted_request_type"
    r"|effective_request_type|labels|columns)\b",
    re.IGNORECASE,
)
_LABEL_ONLY = set(LABELS.names) - set(ORDERS.names)


def lists_views(sql: str) -> bool:
    """Tell whether the statement asks which views there are."""
    return _LISTS_VIEWS.search(sql) is not None


def reads_orders(statements: Iterable[str]) -> bool:
    """Tell whether one of the statements seems to read the view ``orders``."""
    return any(map(_READS_ORDERS.search, statements))


def speaks_of_labels(statements: Iterable[str]) -> bool:
    """Tell whether one of the statements names a column that comes from the labels."""
    return any(map(_SPEAKS_OF_LABELS.search, statements))


def plan_reads_labels(plan: str) -> bool:
    """Tell whether a plan, as ``EXPLAIN (FORMAT json)`` prints it, scans a column of the labels."""
    scans = list(_projections(json.loads(plan)))
    return not scans or any(not _LABEL_ONLY.isdisjoint(names) for names in scans)


def _projections(plan: Any) -> Iterator[list[str]]:
    """Yield the columns of each scan in a plan as DuckDB explains it."""
    if isinstance(plan, list):
        for node in plan:
            yield from _projections(node)
    else:
        names = plan.get("extra_info", {}).get("Projections")
        if names and plan["name"].strip() == "READ_PARQUET":
            yield [names] if isinstance(names, str) else names
        yield from _projections(plan.get("children", []))


def files_select(paths: Sequence[Path], root: Path, schema: pa.Schema) -> str:
    """Return the SELECT of the columns of ``schema`` from Parquet files; of no rows without files."""
    if paths:
        return f"SELECT {', '.join(schema.names)} FROM {reading(paths, root)}"
    columns = ", ".join(f"NULL::{_sql_type(f.type)} AS {f.name}" for f in schema)
    return f"SELECT {columns} WHERE FALSE"


def edges(months: Sequence[Path]) -> list[Path]:
    """Return the files that hold the first and the last time: months come sorted, the undated last."""
    return sorted({*months[:1], *months[-2:]})


def reading(paths: Sequence[Path], root: Path) -> str:
    """Return the table function that reads Parquet files of the store at ``root``."""
    whole = root.resolve()  # once: to resolve hundreds of paths takes longer than to bind them
    names = ", ".join(literal(str(whole / path.relative_to(root))) for path in paths)
    return f"read_parquet([{names}], hive_partitioning = FALSE)"


def literal(text: str) -> str:
    """Return ``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _sql_type(kind: pa.DataType) -> str:
    return "TIMESTAMP" if pa.types.is_timestamp(kind) else _SQL_TYPES[str(kind)]
