"""How many orders each source received on each day: counted as a month is written, kept in its footer.

Whoever looks for days without orders need not read the orders then. Files of a version that did not
count, or whose footer says nothing of it, are counted when asked.
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from hotline_tools.parquet import footer_of
from hotline_tools.schema import QualityFlag
from hotline_tools.sql import literal

_KEY = "hotline_tools.received_days"
DAY_COUNTS = pa.schema(
    [("source", pa.string()), ("day", pa.date32()), ("orders", pa.int64()), ("inferred", pa.int64())]
)
"""``day`` is null for orders without a time of receipt; ``inferred``: received at another time's stand-in."""


IS_INFERRED = f"quality_flags LIKE {literal(f'%{QualityFlag.RECEIVED_INFERRED}%')}"
"""The SQL condition of an order that is counted in ``inferred``."""


def counting_sql(orders: str) -> str:
    """Return the SELECT of ``DAY_COUNTS`` over a view of orders."""
    return (
        "SELECT source, CAST(received_at AS DATE) AS day, count(*) AS orders, "
        f"count(*) FILTER (WHERE {IS_INFERRED}) AS inferred FROM {orders} GROUP BY 1, 2"
    )


class DayCounter:
    """Counts the orders of one file while it is written."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []

    def add(self, orders: pa.Table) -> None:
        """Count further orders."""
        flags = orders.column("quality_flags").cast(pa.string())
        inferred = pc.match_substring(flags, QualityFlag.RECEIVED_INFERRED.value)
        days = pa.table(
            {
                "source": orders.column("source").cast(pa.string()),
                "day": orders.column("received_at").cast(pa.date32(), safe=False),
                "inferred": pc.fill_null(inferred, False).cast(pa.int64()),
            }
        )
        counts = days.group_by(["source", "day"]).aggregate([([], "count_all"), ("inferred", "sum")])
        self._parts.append(counts.rename_columns(["source", "day", "orders", "inferred"]))

    def metadata(self) -> dict[str, bytes]:
        """Return what the file's footer says: lines of CSV, the columns those of ``DAY_COUNTS``."""
        whole = pa.concat_tables(self._parts).group_by(["source", "day"])
        counts = whole.aggregate([("orders", "sum"), ("inferred", "sum")]).rename_columns(DAY_COUNTS.names)
        lines = pa.BufferOutputStream()
        pacsv.write_csv(
            counts.sort_by([("source", "ascending"), ("day", "ascending")]),
            lines,
            pacsv.WriteOptions(include_header=False, quoting_style="all_valid"),
        )
        return {_KEY: lines.getvalue().to_pybytes()}


def known_counts(paths: Iterable[Path]) -> tuple[pa.Table, list[Path]]:
    """Return the ``DAY_COUNTS`` that footers tell, and the files whose footer does not.

    Raises ``StoreError`` naming the first file whose footer cannot be read.
    """
    told, silent = [], []
    for path in paths:
        lines = (footer_of(path).metadata or {}).get(_KEY.encode())
        if lines is None:
            silent.append(path)
        else:
            told.append(lines)
    if not any(told):
        return DAY_COUNTS.empty_table(), silent
    # not from Python's values: to make an array of those, Arrow loads pandas
    found = pacsv.read_csv(
        pa.BufferReader(b"".join(told)),
        pacsv.ReadOptions(column_names=DAY_COUNTS.names),
        pacsv.ParseOptions(newlines_in_values=True),
        pacsv.ConvertOptions(
            column_types=DAY_COUNTS, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    return found, silent
