"""Repeat issues on Spark: one task a district, with the groups that one process finds."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from hotline_tools import __version__
from hotline_tools.engine.batches import collected, orders_frame
from hotline_tools.engine.failures import require_version
from hotline_tools.jobs.repeat_groups import NEEDED, Grouped, districts_of, looked_at, with_categories
from hotline_tools.repeats.districts import in_store_order
from hotline_tools.repeats.find import StepCallback, find_groups
from hotline_tools.schema import ORDERS
from hotline_tools.store import Store

_ORDERS = pa.schema([ORDERS.field(name) for name in NEEDED])
_PLACED = _ORDERS.append(pa.field("area", pa.string()))
_GROUPED = pa.schema(
    [
        pa.field("order_key", pa.string()),
        pa.field("group", pa.string()),
        pa.field("eligible", pa.bool_()),
        pa.field("closest", pa.float32()),
    ]
)


def grouped_on_spark(store: Store, session: SparkSession, step: StepCallback) -> Grouped:
    """Group the orders district by district; each worker needs the memory of the largest one.

    Raises as ``collected`` does.
    """
    version = __version__
    step("按区县查找")
    districts = districts_of(store)

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
    asked = looked_at(store)
    keys = asked["order_key"].combine_chunks()
    group, closest = np.arange(len(keys)), np.zeros(len(keys), np.float32)
    places = {name: pc.index_in(found[name], value_set=keys) for name in ("order_key", "group")}
    known = pa.table({**places, "closest": found["closest"]}).drop_null()  # an undo may have taken some away
    rows = known["order_key"].to_numpy()
    group[rows], closest[rows] = known["group"].to_numpy(), known["closest"].to_numpy()
    return Grouped(asked, group, closest, found["eligible"].to_pylist().count(False))


def _find(orders: pa.Table) -> pa.Table:
    """Group the orders of one district, in the store's order."""
    orders = in_store_order(orders.cast(_PLACED))
    keys = orders["order_key"].combine_chunks()
    found = find_groups(with_categories(orders), workers=1)
    columns = {"eligible": found.eligible, "closest": found.closest}
    return pa.table({"order_key": keys, "group": keys.take(found.group), **columns})
