"""The answer of a person's own SQL as a ``ReportTable``, so that every form can carry it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

import pyarrow as pa

from hotline_tools.reports.query import Database
from hotline_tools.table import Cell, Field, FieldType, ReportTable

_KINDS: tuple[tuple[Callable[[pa.DataType], bool], FieldType], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    # the sum of whole numbers is a whole number of 128 bits, which Arrow knows as a decimal without places
    (lambda kind: pa.types.is_decimal(kind) and kind.scale == 0, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_date, "date"),
    (pa.types.is_list, "list"),
)


def query_table(database: Database, sql: str) -> ReportTable:
    """Run one SELECT and return its rows; columns keep the names the query gave them."""
    answer = database.query(sql)
    columns = tuple(Field(name, name, _kind(answer.schema.field(name).type)) for name in answer.column_names)
    rows = [{name: _cell(value) for name, value in row.items()} for row in answer.to_pylist()]
    return ReportTable(report="sql", title="查询结果", columns=columns, rows=rows)


def _kind(arrow: pa.DataType) -> FieldType:
    return next((kind for test, kind in _KINDS if test(arrow)), "text")


def _cell(value: Any) -> Cell:
    """Return a value of SQL as a table's: what no form can carry (intervals, structures, bytes) is text."""
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, list):
        numbers = [item for item in value if isinstance(item, int | float)]
        if len(numbers) == len(value):
            return numbers
        return ["" if item is None else str(_cell(item)) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None  # no form has a number for it
    return value if value is None or isinstance(value, str | int | float | date) else str(value)
