"""The engine on DuckDB: embedded, without a server, over a store's Parquet files."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from hotline_tools.engine import views
from hotline_tools.engine.base import OrderFiles, Params, StoreEngine
from hotline_tools.engine.mistakes import not_a_query, wrong_sql
from hotline_tools.errors import HotlineError, StoreError
from hotline_tools.parquet import column_names, files_sql, footer_of, select_sql
from hotline_tools.scratch import make_scratch, remove_scratch
from hotline_tools.sql import identifier, literal

_WRONG_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""What DuckDB raises before it reads any row: a mistake of whoever wrote the statement."""
_OFFICE_MEMORY, _MOST_MEMORY, _OFFICE_ORDERS, _ORDER_BYTES = 800_000_000, 2_000_000_000, 2_000_000, 150
_MAY_WRITE = re.compile(
    r"\b(copy|insert|update|delete|merge|query|query_table|checkpoint)\b|json_execute|logging|write_log",
    re.IGNORECASE,
)
"""Words without which nothing is written; with them the plan is looked at."""
_WRITING_STEP = re.compile(
    r'"name": "[^"]*(COPY|INSERT|UPDATE|DELETE|MERGE|CHECKPOINT|JSON_EXECUTE|LOGGING|WRITE_LOG)',
    re.IGNORECASE,
)


def fitting_memory(store: OrderFiles) -> str:
    """Return what DuckDB may use by default: what an office PC spares, more for a city of many districts.

    800 MB up to two million orders, 150 MB more for each further million, 2 GB at most: sums by caller or by
    issue over ten million orders do not get by with 800 MB, whatever is spilled to the disk.
    """
    orders = 0
    for path in store.order_files():
        with suppress(StoreError):  # a damaged file is named by the statement that reads it
            orders += footer_of(path).num_rows
    more = max(0, orders - _OFFICE_ORDERS) * _ORDER_BYTES
    return f"{min(_OFFICE_MEMORY + more, _MOST_MEMORY) // 1_000_000}MB"


class Engine(StoreEngine):
    """Read-only SQL over a store, in this process; use it as a context manager."""

    wrong = (duckdb.Error,)

    def __init__(
        self, store: OrderFiles, *, memory_limit: str | None = None, threads: int | None = None
    ) -> None:
        super().__init__(store)
        self._spills = make_scratch()
        self._config: dict[str, Any] = {
            "memory_limit": memory_limit or fitting_memory(store),
            "preserve_insertion_order": False,
            "temp_directory": str(self._spills),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            self._config["threads"] = threads
        self._opened: duckdb.DuckDBPyConnection | None = None

    @property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """The database, which ``begin`` opens before any statement."""
        if self._opened is None:
            raise RuntimeError("no statement comes before begin")
        return self._opened

    def close(self) -> None:
        """Let go of the database and of what it spilled."""
        if self._opened is not None:
            self._opened.close()
        remove_scratch(self._spills)

    def begin(self, readable: Sequence[Path]) -> None:
        """Open a database anew: which files it may read cannot be changed once it is shut off."""
        if self._opened is not None:
            self._opened.close()
        self._opened = duckdb.connect(config=self._config)
        paths = ", ".join(literal(str(path)) for path in readable)
        self._database.execute(f"SET allowed_paths = [{paths}]")
        self._database.execute("SET enable_external_access = FALSE")
        with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no bar to switch off
            self._database.execute("SET enable_progress_bar = FALSE")  # it would be drawn into the results
        self._database.execute("SET parquet_metadata_cache = TRUE")  # each statement would read all footers
        self._database.execute("SET lock_configuration = TRUE")

    def require_select(self, sql: str) -> None:
        """Raise ``UsageError`` for what is not one SELECT."""
        try:
            statements = self._database.extract_statements(sql)
        except duckdb.Error as error:
            raise wrong_sql(error) from error
        if len(statements) > 1:
            raise not_a_query(len(statements))
        if not statements or statements[0].type != duckdb.StatementType.SELECT:
            raise not_a_query()

    def rows(self, sql: str, params: Params) -> pa.Table:
        """Run one SELECT on the views as they are."""
        self._require_read_only(sql, params)
        return self._database.sql(sql, params=params).to_arrow_table()

    def _require_read_only(self, sql: str, params: Params) -> None:
        """Raise ``UsageError`` when the plan writes: a SELECT may have a COPY or an INSERT in it."""
        if not _MAY_WRITE.search(sql):
            return
        ((_, plan),) = self._database.execute(f"EXPLAIN (FORMAT json) {sql}", params).fetchall()
        if _WRITING_STEP.search(plan):
            raise not_a_query()

    def view(self, name: str, select: str) -> None:
        """Make or replace a temporary view."""
        self._database.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {select}")

    def table(self, name: str, rows: pa.Table) -> None:
        """Make or replace a temporary view of rows in memory."""
        self._database.register(f"given_{name}", rows)
        self.view(name, f"SELECT * FROM {identifier(f'given_{name}')}")

    def files(self, name: str, paths: Sequence[Path], schema: pa.Schema | None) -> None:
        """Make a view of Parquet files; columns of ``schema`` that a file lacks are null."""
        if schema is None:
            column_names(paths)  # a damaged one is named, whatever DuckDB makes of it
        self.view(name, f"SELECT * FROM {files_sql(paths)}" if schema is None else select_sql(paths, schema))

    def import_log(self, paths: Sequence[Path]) -> None:
        """Make the view ``import_log`` of the import records: ``quality.columns``, read when asked."""
        self.view("import_log", views.import_log(paths))

    def explained(self, error: Exception) -> HotlineError | None:
        """Return the mistake in the statement; None when a file of the store may be the cause."""
        if isinstance(error, _WRONG_SQL):
            return wrong_sql(error)
        if isinstance(error, duckdb.OutOfMemoryException):
            return StoreError(
                f"查询用到了内存上限 {self._config['memory_limit']}，或临时空间不够",
                where=str(self._spills.parent),
                remedy="请把配置文件 hotline.toml 里的 engine_memory 调到这个上限的两倍，"
                "腾出该目录所在磁盘的空间，或缩小统计期间后重试。",
            )
        return None
