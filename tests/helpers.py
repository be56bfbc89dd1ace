"""Small real stores for tests: orders written by hand, held by DuckDB."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from hotline_tools import schema
from hotline_tools.day_counts import counting_sql
from hotline_tools.errors import UsageError

LABELLED = pa.schema(
    [
        *schema.ORDERS,
        pa.field("category", pa.string()),
        pa.field("subcategory", pa.string()),
        pa.field("confidence", pa.float64()),
        pa.field("needs_review", pa.bool_()),
    ]
)
"""What the engine's ``orders`` view holds: the work order and its label."""


class MemoryDatabase:
    """The ``Database`` that reports need, over Arrow tables in an in-memory DuckDB."""

    def __init__(self, orders: pa.Table, **others: pa.Table) -> None:
        self.connection = duckdb.connect()
        for name, table in {"orders": orders, **others}.items():
            self.connection.register(f"arrow_{name}", table)
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_{name}")
            self.connection.unregister(f"arrow_{name}")
        self.define_from("orders")
        if "labels" not in others:
            self.define("labels", "SELECT * FROM orders WHERE category IS NOT NULL")

    def define_from(self, orders: str) -> None:
        """Make the engine's views of orders without labels from the table ``orders``."""
        self.define("stored_orders", f"SELECT * FROM {orders}")
        self.define(
            "received_span", f"SELECT min(received_at) AS first, max(received_at) AS last FROM {orders}"
        )
        self.define("district_span", f"SELECT min(district) AS first, max(district) AS last FROM {orders}")
        last = ", ".join(f"max({name}) AS {name}" for name in schema.EVENT_TIMES)
        self.define("latest_times", f"SELECT {last} FROM {orders}")
        self.define("received_days", counting_sql(orders))

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT; what is wrong with it is a ``UsageError``, as with the engine."""
        try:
            return self.connection.sql(sql).to_arrow_table()
        except duckdb.CatalogException as error:
            raise UsageError(str(error)) from error

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")


def orders_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Return orders with every column; ``order_key`` and ``order_id`` count from 1 unless given.

    Times may be text such as ``2025-06-01 08:30``.
    """
    complete = []
    for number, row in enumerate(rows, 1):
        unknown = set(row) - set(LABELLED.names)
        assert not unknown, f"no such columns: {unknown}"
        times = {
            name: datetime.fromisoformat(value)
            for name, value in row.items()
            if isinstance(value, str) and name.endswith("_at")
        }
        complete.append({"order_key": f"k{number}", "order_id": f"{number}", **row, **times})
    return pa.Table.from_pylist(complete, schema=LABELLED)


def orders_of(text: str, **same: Any) -> list[dict[str, Any]]:
    """Read orders from lines of cells set apart by ``|``, the column names first; ``-`` is missing.

    Whole numbers become numbers where the column is one. ``same`` is given to every order.
    """
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    names, rows = lines[0], lines[1:]
    numeric = {name for name in names if pa.types.is_integer(LABELLED.field(name).type)}
    orders = []
    for cells in rows:
        assert len(cells) == len(names), f"{cells} does not fit {names}"
        filled = {name: cell for name, cell in zip(names, cells, strict=True) if cell != "-"}
        orders.append({**same, **{n: int(v) if n in numeric else v for n, v in filled.items()}})
    return orders


def database_of(rows: Iterable[dict[str, Any]]) -> MemoryDatabase:
    """Return a database whose ``orders`` are ``rows``."""
    return MemoryDatabase(orders_table(rows))
