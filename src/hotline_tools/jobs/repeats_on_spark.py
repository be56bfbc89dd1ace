"""Repeat issues on Spark: one task a district, with the groups that one process finds."""

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from hotline_tools import __version__
from hotline_tools.engine import Engine
from hotline_tools.engine.batches import collected, orders_frame
from hotline_tools.engine.failures import require_version
from hotline_tools.jobs.repeat_groups import Grouped, with_categories
from hotline_tools.repeats.districts import SOURCE, Districts
from hotline_tools.repeats.find import COLUMNS, StepCallback, find_groups
from hotline_tools.schema import ORDERS
from hotline_tools.store import Store

_ORDERS = pa.schema([ORDERS.field(name) for name in ("order_key", "row_number", SOURCE, *COLUMNS)])
_PLACED = _ORDERS.append(pa.field("area", pa.string()))
_STORE_ORDER = ("received_at", "row_number", "order_key")
_GROUPED = pa.schema(
    [pa.field("order_key", pa.string()), pa.field("group", pa.string()), pa.field("eligible", pa.bool_())]
)


def grouped_on_spark(store: Store, session: SparkSession, step: StepCallback) -> Grouped:
    """Group the orders district by district; each worker needs the memory of the largest one.

    Raises as ``collected`` does.
    """
    version = __version__
    step("按区县查找")
    with Engine(store) as engine:
        districts = Districts.of(engine.query("SELECT DISTINCT source, district FROM stored_orders"))

    def placed(orders: pa.Table) -> pa.Table:
        """Add the district; where a store has no two of them all orders are looked through together."""
        area = districts.of_orders(orders) if len(districts.names) > 1 else pa.nulls(len(orders), pa.string())
        return orders.append_column(_PLACED.field("area"), area)

    def find(orders: pa.Table) -> pa.Table:
        require_version(version)
        return _find(orders)

    frame = orders_frame(session, store.order_files(), _ORDERS).mapInArrow(
        lambda batches: (
            part
            for batch in batches
            for part in placed(pa.Table.from_batches([batch]).cast(_ORDERS)).to_batches()
        ),
        from_arrow_schema(_PLACED, prefer_timestamp_ntz=True),
    )
    tasks = frame.groupBy(f.col("area")).applyInArrow(find, from_arrow_schema(_GROUPED))
    found = collected(tasks, store.order_files())
    group = dict(zip(found["order_key"].to_pylist(), found["group"].to_pylist(), strict=True))
    return Grouped(group, found["eligible"].to_pylist().count(False))


def _find(orders: pa.Table) -> pa.Table:
    """Group the orders of one district, in the store's order."""
    orders = orders.cast(_PLACED).sort_by([(name, "ascending") for name in _STORE_ORDER])
    keys = orders["order_key"].combine_chunks()
    found = find_groups(with_categories(orders), workers=1)
    return pa.table({"order_key": keys, "group": keys.take(found.group), "eligible": found.eligible})
