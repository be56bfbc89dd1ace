"""Batch functions over the orders on Spark: an Arrow table in, an Arrow table out."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from hotline_tools import __version__
from hotline_tools.engine.failures import known_cause, reason, require_version
from hotline_tools.errors import HotlineError
from hotline_tools.parquet import first_damaged

S = TypeVar("S")
_ORDERS_AT_ONCE = 1_000_000
"""Results come to this process for so many orders at a time, so that its memory is bounded."""


def orders_frame(session: SparkSession, paths: Sequence[Path], schema: pa.Schema) -> DataFrame:
    """Return the columns of ``schema`` of the orders; those that a file lacks are null."""
    kind = from_arrow_schema(schema, prefer_timestamp_ntz=True)
    return session.read.schema(kind).parquet(*(str(path.resolve()) for path in paths))


def collected(frame: DataFrame, paths: Sequence[Path]) -> pa.Table:
    """Return the rows of a frame over the files ``paths``.

    Raises ``StoreError`` naming the file when one of them is damaged, ``HotlineError`` when the workers fail.
    """
    try:
        return frame.toArrow()
    except (PySparkException, Py4JJavaError) as error:
        raise first_damaged(paths) or known_cause(error) or _unknown(error) from error


def _unknown(error: Exception) -> HotlineError:
    return HotlineError(
        f"Spark 没有算完（{reason(error)}）", remedy="请加 -v 重新运行，把显示的内容报给维护者。"
    )


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

    ``shared`` is sent to each worker once. The rows come in no order. Raises as ``collected`` does.
    """
    sent, version = session.sparkContext.broadcast(shared), __version__

    def mapped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        require_version(version)
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
            yield collected(frame.mapInArrow(mapped, kind), some).cast(result)
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
