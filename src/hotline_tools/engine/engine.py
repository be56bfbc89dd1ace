"""The engine: read-only SQL over a store's Parquet files, in an embedded DuckDB."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from hotline_tools.engine import views
from hotline_tools.errors import HotlineError, StoreError, UsageError
from hotline_tools.schema import LABELS, ORDERS, REJECTS

_RETRIES = 3
Params = Sequence[Any] | dict[str, Any] | None


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

    def generation(self) -> object:
        """Changes whenever a commit starts or ends."""


class Engine:
    """Read-only SQL over a store; use it as a context manager.

    Views: ``orders`` (work orders with their labels: category, subcategory, confidence, needs_review,
    label_origin, effective_request_type), ``stored_orders`` (the same without labels: five times as fast
    where none is asked for), ``labels`` (a person's before the model's), ``rejects``, ``received_span``
    (one row: first and last time of receipt), and one per table of repeat issues. An empty store has
    them too, without rows.
    """

    def __init__(self, store: OrderFiles, *, memory_limit: str = "800MB", threads: int | None = None) -> None:
        self._store = store
        config: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": False}
        if threads is not None:
            config["threads"] = threads
        self._database = duckdb.connect(config=config)
        self._defined: dict[str, str] = {}
        self._labelled: bool | None = None
        """Whether ``orders`` has the labels now; None: the views with labels are not there yet."""
        root = views.literal(str(store.path.resolve()) + "/")
        self._database.execute(f"SET allowed_directories = [{root}]")
        self._database.execute("SET enable_external_access = FALSE")
        with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no bar to switch off
            self._database.execute("SET enable_progress_bar = FALSE")  # it would be drawn into the results
        self._seen: object = None
        self._refresh()

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

        Raises ``UsageError`` for SQL that is wrong or is no SELECT, ``StoreError`` when the store's files
        cannot be read. An import that commits meanwhile is noticed, and the query runs again.
        """
        self._require_select(sql)
        return self._steady(sql, params)

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``, in place of an earlier one."""
        self._require_select(select)
        if self._labelled is None and self._asks_for_labels(select):
            self._bind_labels()
        self._view(name, select)
        self._defined[name] = select

    def _steady(self, sql: str, params: Params) -> pa.Table:
        for _ in range(_RETRIES):
            before = self._store.generation()
            if before != self._seen:
                self._refresh()
            self._fit_orders(sql)
            try:
                table = self._fetch(sql, params)
            except StoreError:
                if self._store.generation() == before:
                    raise
                continue
            if self._store.generation() == before:
                return table
        raise StoreError("工单库正在被写入", where=str(self._store.path), remedy="请等导入结束后重试。")

    def _refresh(self) -> None:
        self._seen = self._store.generation()
        root, months = self._store.path, self._store.order_files()
        self._view("stored_orders", views.files_select(months, root, ORDERS))
        self._view("edge_orders", views.files_select(views.edges(months), root, ORDERS))
        self._view("rejects", views.files_select(self._store.reject_files(), root, REJECTS))
        self._view("received_span", views.SPAN)
        if self._labelled is not None:
            self._bind_labels()
        for name, path in self._store.issue_files().items():
            self._view(name, f"SELECT * FROM {views.reading([path], root)}")
        for name, select in self._defined.items():
            self._view(name, select)

    def _bind_labels(self) -> None:
        """Make the views with labels; not before a statement asks for one, for a light report needs none."""
        labels = self._store.label_files()
        for origin in ("person", "model"):
            files = [labels[origin]] if origin in labels else []
            self._view(f"{origin}_labels", views.files_select(files, self._store.path, LABELS))
        self._view("labels", views.LABELS_OF_BOTH if "person" in labels else "SELECT * FROM model_labels")
        self._view("orders", views.LABELLED_ORDERS)
        self._labelled = True

    def _asks_for_labels(self, sql: str) -> bool:
        if views.lists_views(sql):
            return True
        try:
            return not self._database.get_table_names(sql).isdisjoint(views.WITH_LABELS)
        except duckdb.Error:
            return True  # running it tells what is wrong

    def _fit_orders(self, sql: str) -> None:
        """Leave the labels out of ``orders`` for a statement that uses none, as its plan tells.

        DuckDB cannot know that an order has one label at most, and would join 5,000,000 for nothing.
        """
        if self._labelled is None and self._asks_for_labels(sql):
            self._bind_labels()
        statements = (sql, *self._defined.values())
        if self._labelled is None or (self._labelled and not views.reads_orders(statements)):
            return
        self._label_orders(True)
        if not views.speaks_of_labels(statements):
            self._label_orders(self._plan_reads_labels(sql))

    def _label_orders(self, labelled: bool) -> None:
        if labelled != self._labelled:
            self._view("orders", views.LABELLED_ORDERS if labelled else views.BARE_ORDERS)
            self._labelled = labelled

    def _plan_reads_labels(self, sql: str) -> bool:
        try:
            (_, plan), *_ = self._database.sql(f"EXPLAIN (FORMAT json) {sql}").fetchall()
        except duckdb.Error:
            return True  # wrong SQL, or SQL with parameters: running it tells
        return views.plan_reads_labels(plan)

    def _view(self, name: str, select: str) -> None:
        self._run(f"CREATE OR REPLACE TEMP VIEW {views.quoted_name(name)} AS {select}")

    def _require_select(self, sql: str) -> None:
        try:
            statements = self._database.extract_statements(sql)
        except duckdb.Error as error:
            raise _wrong_sql(error) from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(
                "只能执行一条查询语句", remedy="请写一条 SELECT；数据只能由 hotline import 修改。"
            )

    def _fetch(self, sql: str, params: Params) -> pa.Table:
        with self._explained():
            return self._database.sql(sql, params=params).to_arrow_table()

    def _run(self, sql: str) -> None:
        with self._explained():
            self._database.execute(sql)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise StoreError(
                f"数据文件读不出来（{_first_line(error)}）",
                where=str(self._store.path),
                remedy="请运行 hotline store verify。",
            ) from error
        except duckdb.Error as error:
            raise _wrong_sql(error) from error


def _wrong_sql(error: duckdb.Error) -> HotlineError:
    return UsageError(f"SQL 有误：{_first_line(error)}", remedy="列名见 hotline sql 的帮助。")


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]
