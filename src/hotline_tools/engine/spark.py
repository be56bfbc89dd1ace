"""The engine on Spark: the reports' statements over a store, in one process or on a cluster."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from hotline_tools.engine.base import OrderFiles, Params, StoreEngine
from hotline_tools.engine.dialect import to_spark
from hotline_tools.engine.failures import known_cause, reason
from hotline_tools.engine.mistakes import wrong_sql
from hotline_tools.errors import HotlineError, UsageError
from hotline_tools.parquet import column_names

_CONF = {
    "spark.sql.ansi.enabled": "false",  # a division by zero is null, as on DuckDB
    "spark.sql.session.timeZone": "UTC",  # times are wall-clock times: none may be moved
}
_COLUMN = "field: string, headers: array<string>, unknown: bigint, invalid: bigint"
_LOGGED = f"quality struct<columns: array<struct<{_COLUMN}>>>"


class SparkEngine(StoreEngine):
    """Read-only SQL over a store on a Spark session; the statements are written in DuckDB's dialect.

    The session's own views and settings are left alone. The workers must reach the store's files under the
    same path.
    """

    wrong = (PySparkException, Py4JJavaError)  # the second where a task fails while rows are fetched

    def __init__(self, store: OrderFiles, session: SparkSession) -> None:
        super().__init__(store)
        self._spark = session.newSession()
        for name, value in _CONF.items():
            self._spark.conf.set(name, value)

    def close(self) -> None:
        """Leave the session to whoever made it."""

    def begin(self, readable: Sequence[Path]) -> None:
        """Keep the views: each is replaced, and a statement can name no file (``require_select``)."""

    def require_select(self, sql: str) -> None:
        """Raise ``UsageError`` for what is not one SELECT."""
        to_spark(sql)

    def rows(self, sql: str, params: Params) -> pa.Table:
        """Run one SELECT on the views as they are; ``params`` only by name."""
        if isinstance(params, Sequence):
            raise UsageError("Spark 只接受按名称给出的参数", remedy="请用 $name 的写法。")
        return self._spark.sql(to_spark(sql), args=params).toArrow()

    def view(self, name: str, select: str) -> None:
        """Make or replace a temporary view."""
        self._spark.sql(to_spark(select)).createOrReplaceTempView(name)

    def table(self, name: str, rows: pa.Table) -> None:
        """Make or replace a temporary view of rows in memory."""
        kind = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
        self._spark.createDataFrame(rows, kind).createOrReplaceTempView(name)

    def files(self, name: str, paths: Sequence[Path], schema: pa.Schema | None) -> None:
        """Make a view of Parquet files; columns of ``schema`` that a file lacks are null."""
        column_names(paths)  # a damaged one is named, whatever Spark makes of it
        self._frame(paths, schema).createOrReplaceTempView(name)

    def _frame(self, paths: Sequence[Path], schema: pa.Schema | None) -> DataFrame:
        names = [str(path) for path in paths]
        if schema is None:
            return self._spark.read.parquet(*names)
        kind = from_arrow_schema(schema, prefer_timestamp_ntz=True)
        return (
            self._spark.read.schema(kind).parquet(*names) if names else self._spark.createDataFrame([], kind)
        )

    def import_log(self, paths: Sequence[Path]) -> None:
        """Make the view ``import_log`` of the import records: ``quality.columns``, read when asked."""
        reader = self._spark.read.schema(_LOGGED)
        log = reader.json([str(path) for path in paths], multiLine=True)
        (log if paths else self._spark.createDataFrame([], _LOGGED)).createOrReplaceTempView("import_log")

    def explained(self, error: Exception) -> HotlineError | None:
        """Return the mistake in the statement; None when a file of the store may be the cause."""
        return wrong_sql(error) if isinstance(error, AnalysisException | ParseException) else None

    def failed(self, error: Exception) -> HotlineError:
        """Return the mishap of the cluster, else the statement's failure on a value."""
        return known_cause(error) or wrong_sql(reason(error))
