"""A report as a Parquet file, typed by its columns."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.table import Field, FieldType, ReportTable

_ARROW: dict[FieldType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "rate": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}


def render_parquet(table: ReportTable) -> bytes:
    """Return the rows as a Parquet file; each column's label is in its metadata."""
    fields = [pa.field(c.name, _type(c, table), metadata={"label": c.label}) for c in table.columns]
    schema = pa.schema(fields)
    rows = [{c.name: row.get(c.name) for c in table.columns} for row in table.rows]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    return sink.getvalue()


def _type(field: Field, table: ReportTable) -> pa.DataType:
    """Return the Arrow type; a list holds what its items are: whole numbers, numbers or texts."""
    if field.type != "list":
        return _ARROW[field.type]
    kinds = {type(item) for row in table.rows for item in _items(row.get(field.name))}
    if kinds and kinds <= {int, float}:
        return pa.list_(pa.int64() if kinds == {int} else pa.float64())
    return pa.list_(pa.string())


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
