"""Rows on their way in: sorted runs on disk, and the few columns that decide what becomes of them.

An import is judged as a whole (is an id unique in its file?), so its rows wait on disk, in runs of
bounded size, each sorted as the store is; memory holds one run at a time.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.schema import ORDERS, REJECTS
from hotline_tools.store.state import STATE_FIELDS

_RUN_BYTES = 48_000_000
_RUN_ROWS = 65_536
STAGED_BLOCK = 4_096
"""Rows of each block of a run; the last of a run may have fewer."""
_KEYS = ("order_id", "order_key", "content_hash", "received_at", "row_number", *STATE_FIELDS)


class Staging:
    """Collects the rows of one import in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.rows = 0
        self.rejected = 0
        self.runs: list[Path] = []
        self.run_starts: list[int] = []
        self._end = 0
        self._waiting: list[pa.Table] = []
        self._rejects: list[pa.Table] = []

    def add(self, orders: pa.Table, rejects: pa.Table) -> None:
        """Take in a batch."""
        if orders.num_rows:
            self._waiting.append(orders)
        if rejects.num_rows:
            self._rejects.append(rejects)
            self.rejected += rejects.num_rows
        size = sum(table.nbytes for table in self._waiting)
        if size >= _RUN_BYTES or sum(table.num_rows for table in self._waiting) >= _RUN_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one sorted run."""
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        self._waiting = []
        order = _sort_order(table)
        if order is not None:
            table = table.combine_chunks()  # rows are then taken from one piece
        self._write_keys(table, order, len(self.runs))
        self._write_run(table, order)
        self.rows += table.num_rows

    def append(self, orders: pa.Table) -> int:
        """Stage rows that take the place of others; return the place of the first."""
        start = self._end
        if orders.num_rows:
            self._write_run(orders, None)
        return start

    def _write_run(self, table: pa.Table, order: np.ndarray | None) -> None:
        path = self.folder / f"run-{len(self.runs):05d}.arrow"
        options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=True)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, ORDERS, options=options) as writer:
            for at in range(0, table.num_rows, STAGED_BLOCK):
                if order is None:
                    block = table.slice(at, STAGED_BLOCK)
                else:
                    block = table.take(pa.array(order[at : at + STAGED_BLOCK]))
                writer.write_table(block.combine_chunks())
        self.run_starts.append(self._end)
        self.runs.append(path)
        self._end += table.num_rows

    def _write_keys(self, table: pa.Table, order: np.ndarray | None, number: int) -> None:
        keys = table.select(list(_KEYS))
        places = np.arange(table.num_rows, dtype=np.int64)
        if order is not None:
            places[order] = np.arange(table.num_rows)
        keys = keys.append_column("seq", pa.array(np.arange(self.rows, self.rows + table.num_rows)))
        keys = keys.append_column("place", pa.array(places + self.rows))
        pq.write_table(keys, self.folder / f"keys-{number:05d}.parquet", compression="lz4")

    def key_files(self) -> list[str]:
        """The Parquet files with the deciding columns of all rows, at least one."""
        paths = [str(path) for path in sorted(self.folder.glob("keys-*.parquet"))]
        if not paths:
            self._write_keys(ORDERS.empty_table(), None, 0)
            return self.key_files()
        return paths

    def rejects(self) -> pa.Table:
        """All rejects so far."""
        return pa.concat_tables(self._rejects) if self._rejects else REJECTS.empty_table()


def _sort_order(table: pa.Table) -> np.ndarray | None:
    """Positions in the order of (received_at, row_number), nulls last; None when already so."""
    received = table.column("received_at")
    times = np.asarray(pc.fill_null(received.cast(pa.int64()), np.iinfo(np.int64).max))
    rows = np.asarray(table.column("row_number"))
    if len(times) < 2 or bool((times[1:] >= times[:-1]).all() and (rows[1:] >= rows[:-1]).all()):
        return None
    return np.lexsort((rows, times))
