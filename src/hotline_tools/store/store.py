"""The store: the only reader and writer of the Parquet dataset."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.errors import StoreError, UsageError
from hotline_tools.parquet import conformed, naming, unknown_columns
from hotline_tools.schema import ORDERS, SCHEMA_VERSION
from hotline_tools.scratch import scratch
from hotline_tools.store.backup import back_up, restore
from hotline_tools.store.derived import Derived, import_ids, later_imports, stage_made_of
from hotline_tools.store.files import NEW, StoreFiles, write_private, write_text_atomically
from hotline_tools.store.forget import ForgetResult, Forgotten, forget
from hotline_tools.store.ids import new_id
from hotline_tools.store.journal import Commit, carry_out, live, pending, recover
from hotline_tools.store.labels import Origin, write_labels
from hotline_tools.store.lock import not_writable
from hotline_tools.store.manifest import manifest_text, measure
from hotline_tools.store.quarantine import set_aside
from hotline_tools.store.records import ImportRecord, read_record
from hotline_tools.store.secret import caller_secret, place_to_move_to, secret_of_dry_run
from hotline_tools.store.segments import month_of, order_files
from hotline_tools.store.session import ImportSession
from hotline_tools.store.undo import UndoResult, undo_import
from hotline_tools.store.verify import find_problems, first_look
from hotline_tools.store.version import check_version, marker_text, require_known_columns
from hotline_tools.store.writing import writing
from hotline_tools.store.written import WaitingTables

_RETRIES = 3


@dataclass(frozen=True)
class StoreInfo:
    """What a store holds."""

    path: Path
    orders: int
    months: dict[str, int]
    """Month → orders."""
    labels: dict[str, int]
    """``model`` and ``person`` → labelled orders."""
    imports: int
    rejects: int
    bytes: int
    unknown_columns: tuple[str, ...] = ()
    """Columns of the orders that a newer version wrote and this one does not read."""
    move_key_to: Path | None = None
    """Where to move the secret of the caller keys, which an older version kept beside the data."""

    @property
    def unlabelled(self) -> int:
        """Orders without a label of the model's."""
        return self.orders - self.labels.get("model", 0)


class Store:
    """A store directory. Make one with ``Store.open``."""

    def __init__(
        self, files: StoreFiles, lock_timeout_seconds: float = 60.0, key_file: Path | str | None = None
    ) -> None:
        self.files = files
        self._timeout = lock_timeout_seconds
        self._key_file = Path(key_file) if key_file is not None else None

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = False,
        lock_timeout_seconds: float = 60.0,
        key_file: Path | str | None = None,
    ) -> "Store":
        """Open the store at ``path``, or make an empty one with ``create``.

        ``key_file`` is the secret of the caller keys: made by the first import, in the user's data folder
        unless named, and needed by every later import.

        Raises ``StoreError`` when there is none, when it is of a later version, or cannot be made.
        """
        files = StoreFiles(Path(path))
        if files.marker.exists():
            check_version(files)
        elif create:
            _make(files)
        else:
            raise StoreError(
                "这里没有工单库",
                where=str(path),
                remedy="请先用 hotline import 导入，或用 --store 指定位置。",
            )
        return cls(files, lock_timeout_seconds, key_file)

    @classmethod
    def for_dry_run(cls, path: Path, *, key_file: Path | None = None) -> "Store":
        """The store at ``path``; where there is none, an empty one that is not made.

        Raises ``StoreError`` where a store could not be made.
        """
        files = StoreFiles(path)
        if files.marker.exists():
            return cls.open(path, key_file=key_file)
        _require_free(files)
        return cls(files, key_file=key_file)

    @property
    def path(self) -> Path:
        """The directory."""
        return self.files.root

    def caller_secret(self, *, dry_run: bool = False) -> bytes:
        """The secret of the caller keys, within an ``import_session``; the first import makes it.

        Raises ``StoreError`` when that of earlier imports is not to be found.
        """
        return (secret_of_dry_run if dry_run else caller_secret)(self.files, self._key_file)

    @contextmanager
    def import_session(
        self, *, source: str, import_id: str | None = None, dry_run: bool = False
    ) -> Iterator[ImportSession]:
        """Collect one import; holds the writer's lock until it ends (a dry run needs none)."""
        if dry_run:
            chosen = import_id or new_id()
            with scratch() as folder:
                yield ImportSession(
                    self.files, folder / chosen, import_id=chosen, source=source, dry_run=True
                )
            return
        with self._writing():
            require_known_columns(self.order_files(), ORDERS)
            # Chosen under the lock, and after all that are there: an undo goes by the order of the ids.
            chosen = import_id or new_id(self.import_ids())
            staging = self.files.staging / chosen
            try:
                yield ImportSession(self.files, staging, import_id=chosen, source=source, dry_run=False)
            except OSError as error:
                raise not_writable(self.files, error) from error
            finally:
                recover(self.files)

    def undo(self, import_id: str) -> UndoResult:
        """Take an import back exactly: what it added goes, what it updated is again as it was.

        All or nothing, like an import; the log keeps the import, marked as undone. Labels of the model on
        orders that go are dropped, people's labels stay. Raises ``UsageError`` when there is no such import
        or it is undone already, ``StoreError`` when later imports touched the same orders (it lists them).
        """
        with self._writing():
            try:
                return undo_import(self.files, import_id)
            finally:
                recover(self.files)

    def order_files(self) -> list[Path]:
        """The live files of orders, in the order of their months."""
        return order_files(self.files)

    def order_batches(self, columns: Sequence[str], rows: int = 32_768) -> Iterator[pa.Table]:
        """The orders of the store, some columns, ``rows`` at a time, month by month."""
        asked = pa.schema([ORDERS.field(name) for name in columns])
        for path in self.order_files():
            with naming(path), pq.ParquetFile(path) as file:
                known = [name for name in columns if name in file.schema_arrow.names]
                for batch in file.iter_batches(batch_size=rows, columns=known):
                    yield conformed(pa.Table.from_batches([batch]), asked)

    def label_files(self) -> dict[str, Path]:
        """The live label files by origin, ``model`` and ``person``."""
        return {path.name.split(".")[0]: path for path in live(self.files, "labels", "*.parquet")}

    def write_labels(
        self,
        batches: Iterable[pa.Table],
        *,
        origin: Origin = "model",
        replace: bool = False,
        made_of: Sequence[str] | None = None,
    ) -> int:
        """Write labels (``schema.LABELS``; ``origin`` is filled in), one row per order key.

        A person's labels are kept apart and win in every report. Labels of other orders stay unless
        ``replace``. ``made_of`` are the imports (``import_ids``) all of whose orders have been looked at.
        Returns how many came in.
        """
        with self._writing():
            return write_labels(self.files, batches, origin, replace=replace, made_of=made_of)

    def import_ids(self) -> list[str]:
        """The ids of all imports, those taken back too."""
        return import_ids(self.files)

    def later_imports(self, derived: Derived) -> list[str]:
        """The imports that came after the model's labels, or the repeat issues, were made."""
        return later_imports(self.files, derived)

    @contextmanager
    def issue_tables(self, *, made_of: Sequence[str] | None = None) -> Iterator[WaitingTables]:
        """Take tables of repeat issues; they replace the present ones in one commit at the end.

        Holds the writer's lock, so that what is decided from the present tables still holds when the new
        ones are written. ``made_of`` as for ``write_labels``. Without tables nothing is written.
        """
        with self._writing():
            tables = WaitingTables(self.files, "issues")
            yield tables
            if not tables.names:
                return
            commit = Commit(replace=tables.names)
            if made_of is not None:
                commit.replace.append(stage_made_of(self.files, "issues", made_of))
            carry_out(self.files, commit)

    def issue_files(self) -> dict[str, Path]:
        """The live tables of repeat issues by name."""
        return {path.name.split(".")[0]: path for path in live(self.files, "issues", "*.parquet")}

    def reject_files(self) -> list[Path]:
        """The live files of rejected rows."""
        return live(self.files, "rejects", "*.parquet")

    def import_files(self) -> list[Path]:
        """The live files of the import log."""
        return live(self.files, "imports", "*.json")

    def records(self) -> list[ImportRecord]:
        """The import log, oldest first."""
        return [read_record(path) for path in self.import_files()]

    def latest_records(self) -> Iterator[ImportRecord]:
        """The import log, newest first; each record is read when it is asked for."""
        return map(read_record, reversed(self.import_files()))

    def generation(self) -> tuple[tuple[str, int], ...]:
        """Changes whenever a commit starts or ends: equal before and after means a steady view.

        Each commit writes the manifest anew, so between commits it stands for all files.
        """
        is_pending = pending(self.files) is not None
        if not is_pending and self.files.manifest.exists():  # an older version wrote none
            manifest = self.files.manifest.stat()
            return ("manifest", manifest.st_ino), ("written", manifest.st_mtime_ns)
        state = [("commit", int(is_pending))]
        for name, pattern in (
            ("orders", "month=*/*.parquet"),
            ("labels", "*.parquet"),
            ("issues", "*.parquet"),
        ):
            state += [(str(p), p.stat().st_ino) for p in live(self.files, name, pattern)]
        return tuple(state)

    def info(self) -> StoreInfo:
        """Count what the store holds."""
        months: Counter[str] = Counter()
        for path in self.order_files():
            months[month_of(path)] += _rows(path)
        everything = [p for p in self.files.root.rglob("*") if p.is_file()]
        return StoreInfo(
            path=self.path,
            orders=sum(months.values()),
            months=months,
            labels={name: _rows(path) for name, path in self.label_files().items()},
            imports=len(self.import_files()),
            rejects=sum(_rows(path) for path in self.reject_files()),
            bytes=sum(p.stat().st_size for p in everything),
            unknown_columns=tuple(unknown_columns(self.order_files(), ORDERS)),
            move_key_to=place_to_move_to(self.files),
        )

    def verify(self) -> list[str]:
        """Read everything; return the problems found, in Chinese."""
        problems = self._problems()
        return [f"{name if ' ' in name else self.path / name}：{text}" for name, text in problems.items()]

    def warnings(self) -> list[str]:
        """Return, in Chinese, what is wrong as far as a look at names and sizes tells."""
        return first_look(self.files)

    def quarantine(self) -> list[str]:
        """Set damaged files aside, so that the rest can be worked with; return their names.

        Their orders, labels or issues are no longer counted until they are imported or derived again.
        """
        with self._writing():
            return set_aside(self.files, find_problems(self.files))

    def back_up(self, target: Path | str) -> int:
        """Copy the store to a new folder or, by its suffix, zip file; return how many files.

        The copy appears whole or not at all, and does not hold the secret of the caller keys.
        """
        with self._writing():
            return back_up(self.files, Path(target))

    def forget(
        self, *, caller: str | None = None, order: str | None = None, before: date | None = None
    ) -> ForgetResult:
        """Delete orders for good: of a caller key, of an order id or key, or received before a day.

        Exactly one is given, else ``UsageError``. The result names the backups that may still have them.
        """
        if sum(one is not None for one in (caller, order, before)) != 1:
            raise UsageError("须指明删除哪些工单", remedy="请写 --caller、--order、--before 中的一个。")
        with self._writing():
            try:
                return forget(self.files, Forgotten(caller, order, before))
            finally:
                recover(self.files)

    @classmethod
    def restore(cls, source: Path | str, path: Path | str) -> "Store":
        """Make the store at ``path``, a new or empty folder, of a backup, and open it."""
        restore(Path(source), StoreFiles(Path(path)))
        return cls.open(path)

    def _problems(self) -> dict[str, str]:
        """The problems of one generation: a commit meanwhile would look like damage."""
        for _ in range(_RETRIES):
            before = self.generation()
            problems = find_problems(self.files)
            if not problems or self.generation() == before:
                return problems
        raise StoreError("工单库正在被写入", where=str(self.path), remedy="请等导入结束后重试。")

    def _writing(self) -> AbstractContextManager[None]:
        return writing(self.files, self._timeout)


def _make(files: StoreFiles) -> None:
    _require_free(files)
    try:
        files.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.folder("orders").mkdir(mode=0o700, exist_ok=True)
        waiting = files.root / (files.marker.name + NEW)
        write_private(waiting, marker_text(SCHEMA_VERSION))
        write_text_atomically(files.manifest, manifest_text({files.marker.name: measure(waiting)}))
        write_text_atomically(files.marker, marker_text(SCHEMA_VERSION))
    except OSError as error:
        raise not_writable(files, error) from error


def _require_free(files: StoreFiles) -> None:
    """Raise ``StoreError`` unless the folder is empty, but for what a store that was cut short left there."""
    own = (files.marker.name, files.manifest.name)
    started = {"orders", *own, *(name + NEW for name in own), files.caller_key.name}
    strangers = files.root.is_dir() and any(
        not p.name.startswith(".") and (p.name not in started or (p.is_dir() and any(p.iterdir())))
        for p in files.root.iterdir()
    )
    if strangers:
        raise StoreError(
            "目录不是空的，也不是工单库", where=str(files.root), remedy="请用 --store 换一个目录。"
        )


def _rows(path: Path) -> int:
    with naming(path):
        return int(pq.read_metadata(path).num_rows)
