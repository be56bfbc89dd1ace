"""Disk-backed tables of ragged rows: appended chunk by chunk, read back memory-mapped.

The temporary files have no name, so that nothing is left behind whatever ends the process. What is
mapped is read from the disk as it is looked at, and the system may take its memory back at any time.
"""

import mmap
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from hotline_tools.disk import lacks_room, reason, remedy
from hotline_tools.errors import StoreError
from hotline_tools.repeats.encode.ragged import Longs, RaggedRows

IDS = "ids"
"""The file of a table that holds its ids; the others are named like their columns."""


def no_room(folder: Path, error: OSError) -> StoreError:
    """Return the error of temporary data that ``folder`` does not take."""
    what, needed = ("写不下", "每百万件工单约需 2 GB：") if lacks_room(error) else ("写不进去", "")
    return StoreError(f"临时数据{what}（{reason(error)}）", where=str(folder), remedy=needed + remedy(error))


class SpilledTables:
    """Tables in files, a file a column; to be used as a context, which closes the files.

    ``folder`` is where the files lie, the system's temporary directory unless said.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = Path(gettempdir()) if folder is None else folder
        self._stack = ExitStack()
        self._files: dict[str, dict[str, _File]] = {}
        self._sizes: dict[str, list[Longs]] = {}
        self._starts: dict[str, Longs] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def append(self, tables: Mapping[str, RaggedRows]) -> None:
        """Add a chunk; raise ``StoreError`` when the disk takes no more."""
        try:
            for name, rows in tables.items():
                self._append(name, rows)
        except OSError as error:
            raise no_room(self._folder, error) from error

    def _append(self, name: str, rows: RaggedRows) -> None:
        columns = {IDS: rows.ids, **rows.columns}
        if name not in self._files:
            self._files[name] = {
                column: _File(self._stack, self._folder, values.dtype) for column, values in columns.items()
            }
        for column, values in columns.items():
            self._files[name][column].add(values)
        self._sizes.setdefault(name, []).append(rows.sizes)
        self._starts.pop(name, None)

    def part(self, name: str, start: int, stop: int) -> RaggedRows:
        """Return orders ``start`` to ``stop`` of a table, mapped."""
        indptr = self._indptr(name)[start : stop + 1]
        first, last = int(indptr[0]), int(indptr[-1])
        columns = {column: file.part(first, last) for column, file in self._files[name].items()}
        return RaggedRows(indptr - first, columns.pop(IDS), columns)

    def whole(self) -> dict[str, RaggedRows]:
        """Return all tables, mapped; they outlive the context."""
        return {name: self.part(name, 0, len(self._indptr(name)) - 1) for name in self._files}

    def _indptr(self, name: str) -> Longs:
        if name not in self._starts:
            self._starts[name] = np.cumsum(np.concatenate([[0], *self._sizes[name]]), dtype=np.int64)
        return self._starts[name]


def let_go(tables: Iterable[RaggedRows]) -> None:
    """Give back the memory of what has been read of mapped tables; it is read again when it is looked at.

    The system would do so itself, but only when memory runs short: until then it counts as ours. Windows
    has no such call, keeps it till then.
    """
    if hasattr(mmap, "MADV_DONTNEED"):
        for rows in tables:
            for values in (rows.ids, *rows.columns.values()):
                owner = values.base
                while isinstance(owner, np.ndarray):
                    owner = owner.base
                if isinstance(owner, mmap.mmap):
                    owner.madvise(mmap.MADV_DONTNEED)


def _unnamed(folder: Path) -> IO[bytes]:
    return TemporaryFile(dir=folder)


class _File:
    """An array that grows in a file; the stack closes it."""

    def __init__(self, stack: ExitStack, folder: Path, kind: np.dtype[Any]) -> None:
        self._file = stack.enter_context(_unnamed(folder))
        self._kind = kind

    def add(self, values: NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(values, dtype=self._kind).data)

    def part(self, start: int, stop: int) -> NDArray[Any]:
        if start == stop:
            return np.empty(0, dtype=self._kind)
        self._file.flush()
        return np.asarray(
            np.memmap(self._file, self._kind, "r", start * self._kind.itemsize, (stop - start,))
        )
