"""The engine: read-only SQL over a store's Parquet files, in an embedded DuckDB."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import duckdb
import pyarrow as pa

from hotline_tools.engine import views
from hotline_tools.errors import HotlineError, StoreError, UsageError
from hotline_tools.parquet import column_names, files_sql, first_damaged, select_sql
from hotline_tools.schema import LABELS, ORDERS, REJECTS
from hotline_tools.sql import identifier, literal

_RETRIES = 3
_LOOKS, _PAUSE_SECONDS = 50, 0.02
_WRONG_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""What DuckDB raises before it reads any row: a mistake of whoever wrote the statement."""
Params = Sequence[Any] | dict[str, Any] | None
T = TypeVar("T")


class OrderFiles(Protocol):
    """What the engine needs to know of a store: where its live Parquet files are."""

    @property
    def path(self) -> Path:
        """The directory."""

    def order_files(self) -> list[Path]:
        """The orders, one file a month."""

    def label_files(self) -> dict[str, Path]:
        """The labels by origin, ``model`` and ``person``."""

    def reject_files(self) -> list[Path]:
        """The rejected rows."""

    def issue_files(self) -> dict[str, Path]:
        """The tables of repeat issues by name."""

    def later_imports(self, derived: views.Derived) -> list[str]:
        """The imports that came after the labels or the repeat issues were made."""

    def import_files(self) -> list[Path]:
        """The import log, one JSON file an import."""

    def generation(self) -> object:
        """Changes whenever a commit starts or ends."""


class Engine:
    """Read-only SQL over a store; use it as a context manager.

    Views: ``orders`` (work orders with their labels: category, subcategory, confidence, needs_review,
    label_origin, predicted_request_type, effective_request_type), ``stored_orders`` (work orders without
    labels: no join, so several times as fast on millions of orders), ``labels`` (a person's before the
    model's), ``rejects``, ``received_span`` (one row: first and last time of receipt), ``later_imports``
    (imports that came after ``derived``, the labels or the repeat issues, was made), ``unread_values``
    (``field``, ``header``: columns of which an import could not read each value), and one per table of
    repeat issues. An empty store has them too, without rows; columns that an older version of the
    toolkit did not write are null.
    """

    def __init__(self, store: OrderFiles, *, memory_limit: str = "800MB", threads: int | None = None) -> None:
        self._store = store
        self._root = store.path.resolve()
        config: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": False}
        if threads is not None:
            config["threads"] = threads
        self._database = duckdb.connect(config=config)
        self._defined: dict[str, str] = {}
        self._seen: object = None
        self._database.execute(f"SET allowed_directories = [{literal(f'{self._root}/')}]")
        self._database.execute("SET enable_external_access = FALSE")
        with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no bar to switch off
            self._database.execute("SET enable_progress_bar = FALSE")  # it would be drawn into the results

    def __enter__(self) -> "Engine":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT and return its rows.

        An import that commits meanwhile is noticed, and the query runs again. Raises ``UsageError`` for SQL
        that is wrong, is no SELECT or fails on a value, ``StoreError`` naming the file when one of the
        store's cannot be read.
        """
        self._require_select(sql)
        return self._on_steady_files(lambda: self._database.sql(sql, params=params).to_arrow_table())

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``, in place of an earlier one.

        Raises as ``query`` does.
        """
        self._require_select(select)
        self._on_steady_files(lambda: self._view(name, select))
        self._defined[name] = select

    def _on_steady_files(self, work: Callable[[], T]) -> T:
        """Do ``work`` on the views of one generation of the store; again when a commit came in between."""
        for _ in range(_RETRIES):
            before = self._generation()
            try:
                if before != self._seen:
                    self._refresh()
                    self._seen = before
                result = work()
            except (duckdb.Error, StoreError, OSError) as error:
                if self._generation() != before:
                    continue
                if isinstance(error, duckdb.Error):
                    raise self._explained(error) from error
                raise
            if self._generation() == before:
                return result
        raise StoreError("工单库正在被写入", where=str(self._store.path), remedy="请等导入结束后重试。")

    def _generation(self) -> object:
        """Return the store's; a file that a commit is just replacing cannot be looked at for a moment."""
        for _ in range(_LOOKS):
            try:
                return self._store.generation()
            except (FileNotFoundError, PermissionError):
                time.sleep(_PAUSE_SECONDS)
        return self._store.generation()

    def _refresh(self) -> None:
        months, labels = self._live(self._store.order_files()), self._store.label_files()
        self._view("stored_orders", select_sql(months, ORDERS))
        self._view("edge_orders", select_sql(views.edges(months), ORDERS))
        self._view("rejects", select_sql(self._live(self._store.reject_files()), REJECTS))
        self._view("received_span", views.SPAN)
        for origin in ("person", "model"):
            files = [labels[origin]] if origin in labels else []
            self._view(f"{origin}_labels", select_sql(self._live(files), LABELS))
        self._view("labels", views.LABELS_OF_BOTH if "person" in labels else "SELECT * FROM model_labels")
        self._view("orders", views.LABELLED_ORDERS)
        later = {name: self._store.later_imports(name) for name in views.DERIVED}
        self._view("later_imports", views.later_imports(later))
        self._view("unread_values", views.unread_values(self._live(self._store.import_files())))
        issues = self._store.issue_files()
        column_names(list(issues.values()))  # a damaged one is named, whatever DuckDB makes of it
        for name, path in issues.items():
            self._view(name, f"SELECT * FROM {files_sql(self._live([path]))}")
        for name, select in self._defined.items():
            self._view(name, select)

    def _live(self, paths: Sequence[Path]) -> list[Path]:
        """Make the paths absolute, as the database allows none but those below the store's."""
        return [self._root / path.relative_to(self._store.path) for path in paths]

    def _view(self, name: str, select: str) -> None:
        self._database.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {select}")

    def _require_select(self, sql: str) -> None:
        try:
            statements = self._database.extract_statements(sql)
        except duckdb.Error as error:
            raise _wrong_sql(error) from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(
                "只能执行一条查询语句", remedy="请写一条 SELECT；数据只能由 hotline import 修改。"
            )

    def _explained(self, error: duckdb.Error) -> HotlineError:
        """Tell a damaged file from a statement that failed; by reading, for classes change with versions."""
        if isinstance(error, _WRONG_SQL):
            return _wrong_sql(error)
        store = self._store
        files = [*store.label_files().values(), *store.issue_files().values(), *store.reject_files()]
        return first_damaged([*files, *store.order_files()]) or _wrong_sql(error)


def _wrong_sql(error: duckdb.Error) -> HotlineError:
    reason = str(error).strip().splitlines()[0]
    return UsageError(f"SQL 有误：{reason}", remedy="列名见 hotline sql 的帮助。")
