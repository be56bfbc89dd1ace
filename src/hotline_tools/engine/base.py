"""What every engine does alike: the views over a store's live files, kept right while imports commit."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import pyarrow as pa

from hotline_tools.day_counts import known_counts
from hotline_tools.engine import views
from hotline_tools.engine.mistakes import wrong_sql
from hotline_tools.errors import HotlineError, StoreError
from hotline_tools.parquet import extremes, first_damaged
from hotline_tools.schema import LABELS, ORDERS, REJECTS

_RETRIES = 3
_LOOKS, _PAUSE_SECONDS = 50, 0.02
Params = Sequence[Any] | dict[str, Any] | None
T = TypeVar("T")


class OrderFiles(Protocol):
    """What an engine needs to know of a store: where its live Parquet files are."""

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


class StoreEngine(ABC):
    """Read-only SQL over a store, in DuckDB's dialect; use it as a context manager.

    Views: ``orders`` (work orders with their labels: category, subcategory, confidence, needs_review,
    label_origin, predicted_request_type, effective_request_type), ``stored_orders`` (work orders without
    labels: no join, so several times as fast on millions of orders), ``labels`` (a person's before the
    model's), ``rejects``, ``received_span`` (one row: first and last time of receipt), ``received_days``
    (``day_counts.DAY_COUNTS``; a source and day may have several rows), ``latest_times`` (one
    row: the last of each time at which something happened), ``district_span`` (one row: the first and the
    last name of a district, alike where the store has one), ``later_imports`` (imports that came after
    ``derived``, the labels or the repeat issues, was made), ``unread_values`` (``field``, ``header``:
    columns of which an import could not read each value), and one per table of repeat issues. An empty
    store has them too, without rows; columns that an older version of the toolkit did not write are null.
    """

    wrong: tuple[type[Exception], ...] = ()
    """What the engine raises when a statement fails."""

    def __init__(self, store: OrderFiles) -> None:
        self._store = store
        self._root = store.path.resolve()
        self._defined: dict[str, str] = {}
        self._given: dict[str, pa.Table] = {}
        self._seen: object = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what the engine holds."""
        self.close()

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT and return its rows.

        An import that commits meanwhile is noticed, and the query runs again. Raises ``UsageError`` for SQL
        that is wrong, is no SELECT or fails on a value, ``StoreError`` naming the file when one of the
        store's cannot be read.
        """
        return self._on_steady_files(lambda: self._selected(sql, params))

    def define(self, name: str, select: str) -> None:
        """Make ``select`` a temporary view called ``name``, in place of an earlier one.

        Raises as ``query`` does.
        """
        self._on_steady_files(lambda: self._view_of_select(name, select))
        self._defined[name] = select

    def define_table(self, name: str, rows: pa.Table) -> None:
        """Make ``rows`` a temporary view called ``name``, in place of the store's own of that name."""
        self._on_steady_files(lambda: self.table(name, rows))
        self._given[name] = rows

    @abstractmethod
    def close(self) -> None:
        """Let go of what the engine holds."""

    @abstractmethod
    def begin(self, readable: Sequence[Path]) -> None:
        """Forget all views; from now on these files may be read and no others."""

    @abstractmethod
    def require_select(self, sql: str) -> None:
        """Raise ``UsageError`` for what is not one SELECT."""

    @abstractmethod
    def rows(self, sql: str, params: Params) -> pa.Table:
        """Run one SELECT on the views as they are."""

    @abstractmethod
    def view(self, name: str, select: str) -> None:
        """Make or replace a temporary view."""

    @abstractmethod
    def table(self, name: str, rows: pa.Table) -> None:
        """Make or replace a temporary view of rows in memory."""

    @abstractmethod
    def files(self, name: str, paths: Sequence[Path], schema: pa.Schema | None) -> None:
        """Make a view of Parquet files; columns of ``schema`` that a file lacks are null."""

    @abstractmethod
    def import_log(self, paths: Sequence[Path]) -> None:
        """Make the view ``import_log`` of the import records: ``quality.columns``, read when asked."""

    @abstractmethod
    def explained(self, error: Exception) -> HotlineError | None:
        """Return the mistake in the statement; None when a file of the store may be the cause."""

    def failed(self, error: Exception) -> HotlineError:
        """Return what a failure means that neither the statement explains nor a damaged file."""
        return wrong_sql(error)

    def _selected(self, sql: str, params: Params) -> pa.Table:
        self.require_select(sql)
        return self.rows(sql, params)

    def _view_of_select(self, name: str, select: str) -> None:
        self.require_select(select)
        self.view(name, select)

    def _on_steady_files(self, work: Callable[[], T]) -> T:
        """Do ``work`` on the views of one generation of the store; again when a commit came in between."""
        for _ in range(_RETRIES):
            before = self._generation()
            try:
                if before != self._seen:
                    self._refresh()
                    self._seen = before
                result = work()
            except (StoreError, OSError):
                if self._generation() == before:
                    raise
                continue
            except self.wrong as error:
                if self._generation() == before:
                    raise self._cause(error) from error
                continue
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
        """Make the views anew, over the store's files of now."""
        store = self._store
        months, labels, issues = self._live(store.order_files()), store.label_files(), store.issue_files()
        rejects, records = self._live(store.reject_files()), self._live(store.import_files())
        self.begin([*months, *rejects, *records, *self._live([*labels.values(), *issues.values()])])
        self.files("stored_orders", months, ORDERS)
        self.files("rejects", rejects, REJECTS)
        for name, select in views.spans(extremes(months, views.SPANNED)).items():
            self.view(name, select)
        counted, silent = known_counts(months)
        self.table("counted_days", counted)
        self.files("uncounted_orders", silent, ORDERS)
        self.view("received_days", views.RECEIVED_DAYS)
        for origin in ("person", "model"):
            paths = [labels[origin]] if origin in labels else []
            self.files(f"{origin}_labels", self._live(paths), LABELS)
        self.view("labels", views.LABELS_OF_BOTH if "person" in labels else "SELECT * FROM model_labels")
        self.view("orders", views.LABELLED_ORDERS)
        later = {name: store.later_imports(name) for name in views.DERIVED}
        self.view("later_imports", views.later_imports(later))
        self.import_log(records)
        self.view("unread_values", views.UNREAD_VALUES)
        for name, path in issues.items():
            self.files(name, self._live([path]), None)
        for name, rows in self._given.items():
            self.table(name, rows)
        for name, select in self._defined.items():
            self.view(name, select)

    def _live(self, paths: Sequence[Path]) -> list[Path]:
        """Make the paths absolute, as an engine may read nothing but what is below the store's."""
        return [self._root / path.relative_to(self._store.path) for path in paths]

    def _cause(self, error: Exception) -> HotlineError:
        """Tell a damaged file from a statement that failed; by reading, for classes change with versions."""
        mistake = self.explained(error)
        if mistake is not None:
            return mistake
        store = self._store
        files = [*store.label_files().values(), *store.issue_files().values(), *store.reject_files()]
        return first_damaged([*files, *store.order_files()]) or self.failed(error)
