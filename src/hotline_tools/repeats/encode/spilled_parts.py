"""Rows of a few parts, gathered batch by batch: in memory while they are few, then in an unnamed file.

So that the orders of a store can be looked through district by district, and no more of them than those of
one district are in memory.
"""

from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from types import TracebackType
from typing import IO, Self

import pyarrow as pa

from hotline_tools.repeats.encode.spilled_tables import no_room

_MOST_ROWS = 400_000
"""Rows of all parts that wait in memory."""
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


class SpilledParts:
    """Tables by the name of their part; to be used as a context, which lets go of the file.

    ``folder`` is where the file lies, the system's temporary directory unless said.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = Path(gettempdir()) if folder is None else folder
        self._file: IO[bytes] | None = None
        self._waiting: dict[str, list[pa.Table]] = {}
        self._rows = 0
        self._blocks: dict[str, list[tuple[int, int]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def names(self) -> set[str]:
        """The parts that have rows."""
        return {*self._blocks, *self._waiting}

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows to a part; raise ``StoreError`` when the disk takes no more."""
        self._waiting.setdefault(name, []).append(rows)
        self._rows += rows.num_rows
        if self._rows > _MOST_ROWS:
            try:
                self._spill()
            except OSError as error:
                raise no_room(self._folder, error) from error

    def take(self, name: str) -> pa.Table:
        """Return the rows of a part in the sequence they came in, and forget them."""
        tables = []
        for start, size in self._blocks.pop(name, []):
            assert self._file is not None
            self._file.seek(start)
            with pa.ipc.open_stream(self._file.read(size)) as reader:
                tables.append(reader.read_all())
        return pa.concat_tables([*tables, *self._waiting.pop(name, [])])

    def _spill(self) -> None:
        if self._file is None:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the context
        for name, tables in self._waiting.items():
            whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
            block = pa.BufferOutputStream()
            with pa.ipc.new_stream(block, whole.schema, options=_COMPRESSED) as writer:
                writer.write_table(whole)
            start = self._file.seek(0, 2)
            self._blocks.setdefault(name, []).append((start, self._file.write(block.getvalue())))
        self._waiting, self._rows = {}, 0
