"""A report as a Parquet file, typed by its columns."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.table import FieldType, ReportTable

_ARROW: dict[FieldType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "rate": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "list": pa.list_(pa.string()),
}


def render_parquet(table: ReportTable) -> bytes:
    """Return the rows as a Parquet file; each column's label is in its metadata."""
    schema = pa.schema([pa.field(c.name, _ARROW[c.type], metadata={"label": c.label}) for c in table.columns])
    rows = [{c.name: row.get(c.name) for c in table.columns} for row in table.rows]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    return sink.getvalue()
