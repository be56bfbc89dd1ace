"""A report as a Parquet file, typed by its columns."""

import io

import pyarrow.parquet as pq

from hotline_tools.table import ReportTable


def render_parquet(table: ReportTable) -> bytes:
    """Return the rows as a Parquet file; each column's label is in its metadata."""
    sink = io.BytesIO()
    pq.write_table(table.to_arrow(), sink)
    return sink.getvalue()
