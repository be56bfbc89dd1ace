"""The engine: read-only SQL over a store's Parquet files, in an embedded DuckDB."""

import re
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
from hotline_tools.scratch import make_scratch, remove_scratch
from hotline_tools.sql import identifier, literal

_RETRIES = 3
_WRONG_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""What DuckDB raises before it reads any row: a mistake of whoever wrote the statement."""
_MAY_WRITE = re.compile(
    r"\b(copy|insert|update|delete|merge|query|query_table|checkpoint)\b|json_execute|logging|write_log",
    re.IGNORECASE,
)
"""Words without which nothing is written; with them the plan is looked at."""
_WRITING_STEP = re.compile(
    r'"name": "[^"]*(COPY|INSERT|UPDATE|DELETE|MERGE|CHECKPOINT|JSON_EXECUTE|LOGGING|WRITE_LOG)',
    re.IGNORECASE,
)
_NOT_A_QUERY = UsageError("只能执行一条查询语句", remedy="请写一条 SELECT；数据只能由 hotline import 修改。")
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
        self._spills = make_scratch()
        self._config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "preserve_insertion_order": False,
            "temp_directory": str(self._spills),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            self._config["threads"] = threads
        self._database = duckdb.connect(config=self._config)
        self._given: dict[str, pa.Table] = {}
        self._defined: dict[str, str] = {}
        self._seen: object = None

    def __enter__(self) -> "Engine":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database and of what it spilled."""
        self._database.close()
        remove_scratch(self._spills)

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT and return its rows.

        An import that commits meanwhile is noticed, and the query runs again. Raises ``UsageError`` for SQL
        that is wrong, is no SELECT or fails on a value, ``StoreError`` naming the file when one of the
        store's cannot be read.
        """
        self._require_select(sql)

        def rows() -> pa.Table:
            self._require_read_only(sql, params)
            return self._database.sql(sql, params=params).to_arrow_table()

        return self._on_steady_files(rows)

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``, in place of an earlier one.

        Raises as ``query`` does.
        """
        self._require_select(select)
        self._on_steady_files(lambda: self._view(name, select))
        self._defined[name] = select

    def define_table(self, name: str, rows: pa.Table) -> None:
        """Make ``rows`` a temporary view called ``name``, in place of the store's own of that name."""
        self._given[f"given_{name}"] = rows
        self._database.register(f"given_{name}", rows)
        self.define(name, f"SELECT * FROM {identifier(f'given_{name}')}")

    def _on_steady_files(self, work: Callable[[], T]) -> T:
        """Do ``work`` on the views of one generation of the store; again when a commit came in between."""
        for _ in range(_RETRIES):
            before = self._store.generation()
            try:
                if before != self._seen:
                    self._refresh()
                    self._seen = before
                result = work()
            except (duckdb.Error, StoreError) as error:
                if self._store.generation() != before:
                    continue
                if isinstance(error, duckdb.Error):
                    raise self._explained(error) from error
                raise
            if self._store.generation() == before:
                return result
        raise StoreError("工单库正在被写入", where=str(self._store.path), remedy="请等导入结束后重试。")

    def _refresh(self) -> None:
        """Make a database that may read the store's files of now, and nothing else, with views over them."""
        store = self._store
        months, labels, issues = self._live(store.order_files()), store.label_files(), store.issue_files()
        rejects, records = self._live(store.reject_files()), self._live(store.import_files())
        self._connect([*months, *rejects, *records, *self._live([*labels.values(), *issues.values()])])
        self._view("stored_orders", select_sql(months, ORDERS))
        self._view("edge_orders", select_sql(views.edges(months), ORDERS))
        self._view("rejects", select_sql(rejects, REJECTS))
        self._view("received_span", views.SPAN)
        for origin in ("person", "model"):
            files = [labels[origin]] if origin in labels else []
            self._view(f"{origin}_labels", select_sql(self._live(files), LABELS))
        self._view("labels", views.LABELS_OF_BOTH if "person" in labels else "SELECT * FROM model_labels")
        self._view("orders", views.LABELLED_ORDERS)
        later = {name: store.later_imports(name) for name in views.DERIVED}
        self._view("later_imports", views.later_imports(later))
        self._view("unread_values", views.unread_values(records))
        column_names(list(issues.values()))  # a damaged one is named, whatever DuckDB makes of it
        for name, path in issues.items():
            self._view(name, f"SELECT * FROM {files_sql(self._live([path]))}")
        for name, rows in self._given.items():
            self._database.register(name, rows)
        for name, select in self._defined.items():
            self._view(name, select)

    def _connect(self, readable: Sequence[Path]) -> None:
        """Open a database anew: which files it may read cannot be changed once it is shut off."""
        self._database.close()
        self._database = duckdb.connect(config=self._config)
        paths = ", ".join(literal(str(path)) for path in readable)
        self._database.execute(f"SET allowed_paths = [{paths}]")
        self._database.execute("SET enable_external_access = FALSE")
        with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no bar to switch off
            self._database.execute("SET enable_progress_bar = FALSE")  # it would be drawn into the results
        self._database.execute("SET lock_configuration = TRUE")

    def _live(self, paths: Sequence[Path]) -> list[Path]:
        """Make the paths absolute, as the database is told which it may read."""
        return [self._root / path.relative_to(self._store.path) for path in paths]

    def _view(self, name: str, select: str) -> None:
        self._database.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {select}")

    def _require_select(self, sql: str) -> None:
        try:
            statements = self._database.extract_statements(sql)
        except duckdb.Error as error:
            raise _wrong_sql(error) from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise _NOT_A_QUERY

    def _require_read_only(self, sql: str, params: Params) -> None:
        """Raise ``UsageError`` when the plan writes: a SELECT may have a COPY or an INSERT in it."""
        if not _MAY_WRITE.search(sql):
            return
        ((_, plan),) = self._database.execute(f"EXPLAIN (FORMAT json) {sql}", params).fetchall()
        if _WRITING_STEP.search(plan):
            raise _NOT_A_QUERY

    def _explained(self, error: duckdb.Error) -> HotlineError:
        """Tell a damaged file from a statement that failed; by reading, for classes change with versions."""
        if isinstance(error, _WRONG_SQL):
            return _wrong_sql(error)
        if isinstance(error, duckdb.OutOfMemoryException):
            return StoreError(
                "内存或临时空间不够",
                where=str(self._spills.parent),
                remedy="请腾出该目录所在磁盘的空间，或缩小统计期间后重试。",
            )
        store = self._store
        files = [*store.label_files().values(), *store.issue_files().values(), *store.reject_files()]
        return first_damaged([*files, *store.order_files()]) or _wrong_sql(error)


def _wrong_sql(error: duckdb.Error) -> HotlineError:
    reason = str(error).strip().splitlines()[0]
    return UsageError(f"SQL 有误：{reason}", remedy="列名见 hotline sql 的帮助。")
