"""Are two rows with the same id the same case? Text, time and district decide.

Ids are given again: by another district, each year, each morning from 1. And one case changes: its text is
corrected, an export has fewer columns. ``evidence.sql`` weighs what both rows have.
"""

import duckdb
import pyarrow as pa

from hotline_tools.sql import template

_FIELDS = ("order_id", "received_at", "title", "content", "district", "department", "caller_key")


def weigh_pairs(
    database: duckdb.DuckDBPyConnection, pairs: pa.Table, new: pa.Table, old: pa.Table
) -> pa.Table:
    """Return place, order_key, same and likeness of each pair.

    ``pairs`` has the columns place, order_key and needs_agreement (the same id alone does not convince);
    ``new`` and ``old`` (``schema.ORDERS``) are the two rows of each, in its sequence.
    """
    table = pairs.select(["place", "order_key", "needs_agreement"])
    for name in _FIELDS:
        table = table.append_column(name, new.column(name)).append_column(f"old_{name}", old.column(name))
    database.register("pair", table)
    try:
        return database.sql(template("hotline_tools.store", "evidence")).to_arrow_table()
    finally:
        database.unregister("pair")
