"""The engine on DuckDB: embedded, without a server, over a store's Parquet files."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from hotline_tools.engine import views
from hotline_tools.engine.base import OrderFiles, Params, StoreEngine, wrong_sql
from hotline_tools.errors import HotlineError, UsageError
from hotline_tools.parquet import column_names, files_sql, select_sql
from hotline_tools.sql import identifier, literal

_WRONG_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""What DuckDB raises before it reads any row: a mistake of whoever wrote the statement."""


class Engine(StoreEngine):
    """Read-only SQL over a store, in this process; use it as a context manager."""

    wrong = (duckdb.Error,)

    def __init__(self, store: OrderFiles, *, memory_limit: str = "800MB", threads: int | None = None) -> None:
        super().__init__(store)
        config: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": False}
        if threads is not None:
            config["threads"] = threads
        self._database = duckdb.connect(config=config)
        self._database.execute(f"SET allowed_directories = [{literal(f'{self._root}/')}]")
        self._database.execute("SET enable_external_access = FALSE")
        with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no bar to switch off
            self._database.execute("SET enable_progress_bar = FALSE")  # it would be drawn into the results

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def require_select(self, sql: str) -> None:
        """Raise ``UsageError`` for what is not one SELECT."""
        try:
            statements = self._database.extract_statements(sql)
        except duckdb.Error as error:
            raise wrong_sql(error) from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(
                "只能执行一条查询语句", remedy="请写一条 SELECT；数据只能由 hotline import 修改。"
            )

    def rows(self, sql: str, params: Params) -> pa.Table:
        """Run one SELECT on the views as they are."""
        return self._database.sql(sql, params=params).to_arrow_table()

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
        return wrong_sql(error) if isinstance(error, _WRONG_SQL) else None
