"""The answer of a person's own SQL as a ``ReportTable``, so that every form can carry it."""

import pyarrow as pa

from hotline_tools.reports.query import Database
from hotline_tools.table import Cell, Field, FieldType, ReportTable

_KINDS: tuple[tuple[str, FieldType], ...] = (
    ("is_boolean", "boolean"),
    ("is_integer", "integer"),
    ("is_floating", "number"),
    ("is_decimal", "number"),
    ("is_timestamp", "datetime"),
    ("is_date", "date"),
    ("is_list", "list"),
)


def query_table(database: Database, sql: str) -> ReportTable:
    """Run one SELECT and return its rows; columns keep the names the query gave them."""
    answer = database.query(sql)
    columns = tuple(Field(name, name, _kind(answer.schema.field(name).type)) for name in answer.column_names)
    rows: list[dict[str, Cell]] = answer.to_pylist()
    return ReportTable(report="sql", title="查询结果", columns=columns, rows=rows)


def _kind(arrow: pa.DataType) -> FieldType:
    return next((kind for test, kind in _KINDS if getattr(pa.types, test)(arrow)), "text")
