"""Batch functions over the orders on Spark: an Arrow table in, an Arrow table out."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

S = TypeVar("S")
_ORDERS_AT_ONCE = 1_000_000
"""Results come to this process for so many orders at a time, so that its memory is bounded."""


def orders_frame(session: SparkSession, paths: Sequence[Path], schema: pa.Schema) -> DataFrame:
    """Return the columns of ``schema`` of the orders; those that a file lacks are null."""
    kind = from_arrow_schema(schema, prefer_timestamp_ntz=True)
    return session.read.schema(kind).parquet(*(str(path.resolve()) for path in paths))


def map_orders(
    session: SparkSession,
    paths: Sequence[Path],
    columns: pa.Schema,
    *,
    function: Callable[[pa.Table, S], pa.Table],
    shared: S,
    result: pa.Schema,
) -> Iterator[pa.Table]:
    """Yield ``function(orders, shared)`` for batches of the orders, computed by Spark's workers.

    ``shared`` is sent to each worker once. The rows come in no order.
    """
    sent = session.sparkContext.broadcast(shared)

    def mapped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            table = pa.Table.from_batches([batch]).cast(columns)
            yield from function(table, sent.value).cast(result).to_batches()

    kind = from_arrow_schema(result, prefer_timestamp_ntz=True)
    tasks = session.sparkContext.defaultParallelism
    try:
        for some in _groups(paths):
            frame = orders_frame(session, some, columns)
            if frame.rdd.getNumPartitions() < tasks:
                frame = frame.repartition(tasks)
            yield frame.mapInArrow(mapped, kind).toArrow().cast(result)
    finally:
        sent.destroy()


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    some: list[Path] = []
    orders = 0
    for path in paths:
        some.append(path)
        orders += pq.read_metadata(path).num_rows
        if orders >= _ORDERS_AT_ONCE:
            yield some
            some, orders = [], 0
    if some:
        yield some
