"""Write one month's partition anew, from staged runs and the old partition, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.day_counts import DayCounter
from hotline_tools.parquet import conformed, naming
from hotline_tools.schema import ORDERS, KeyOrigin, QualityFlag
from hotline_tools.store.staging import STAGED_BLOCK

ROW_GROUP = 32_768
_FREE_TEXT = {"title", "content", "reply", "extra", "address", "order_key", "content_hash", "order_id"}
_DICTIONARY = [name for name in ORDERS.names if name not in _FREE_TEXT]
_ID_FLAGS = {
    KeyOrigin.CONTENT_DAMAGED_ID.value: QualityFlag.ID_DAMAGED.value,
    KeyOrigin.CONTENT_REPEATED_ID.value: QualityFlag.ID_REPEATED.value,
}
Reader = Callable[[int], pa.Table]
"""Reads block number n of a source."""


class Blocks:
    """Random access by row to a source that is read block by block; the last block is kept."""

    def __init__(self, starts: Sequence[int], read: Reader) -> None:
        self._starts = np.asarray(starts, dtype=np.int64)
        self._read = read
        self._last: tuple[int, pa.Table] | None = None

    def take_rows(self, places: np.ndarray) -> Iterator[tuple[np.ndarray, pa.Table]]:
        """Yield (positions in ``places``, their rows) block by block."""
        block_of = np.searchsorted(self._starts, places, side="right") - 1
        for block in np.unique(block_of):
            wanted = np.flatnonzero(block_of == block)
            local = places[wanted] - self._starts[block]
            rows = self._block(int(block))
            in_sequence = bool((np.diff(local) == 1).all())
            yield wanted, rows.slice(local[0], len(local)) if in_sequence else rows.take(pa.array(local))

    def _block(self, number: int) -> pa.Table:
        if self._last is None or self._last[0] != number:
            self._last = (number, self._read(number))
        return self._last[1]


def staged_blocks(runs: Sequence[Path], starts: Sequence[int]) -> Blocks:
    """The staged rows, addressed by their place over all runs."""
    addresses: list[tuple[Path, int]] = []
    offsets: list[int] = []
    for path, start in zip(runs, starts, strict=True):
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            blocks = range(reader.num_record_batches)
        offsets += [start + STAGED_BLOCK * block for block in blocks]
        addresses += [(path, block) for block in blocks]

    def read(number: int) -> pa.Table:
        path, batch = addresses[number]
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            return pa.Table.from_batches([reader.get_batch(batch)])

    return Blocks(offsets, read)


def stored_blocks(path: Path) -> Blocks:
    """The rows of an existing partition, addressed by their place in it."""
    with pq.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]

    def read(number: int) -> pa.Table:
        with naming(path), pq.ParquetFile(path) as file:
            return conformed(file.read_row_group(number), ORDERS).combine_chunks()

    return Blocks(np.cumsum([0, *sizes[:-1]]).tolist(), read)


def rows_at(blocks: Blocks, places: np.ndarray) -> pa.Table:
    """Return the rows at ``places``, in that sequence."""
    found = list(blocks.take_rows(places))
    order = np.argsort(np.concatenate([wanted for wanted, _ in found]))
    return pa.concat_tables([rows for _, rows in found]).combine_chunks().take(pa.array(order))


class StoredRows:
    """Random access to the rows of existing partitions."""

    def __init__(self) -> None:
        self._blocks: dict[str, Blocks] = {}

    def take(self, chunk: pa.Table) -> pa.Table:
        """Return the rows that ``chunk`` names by old_file and old_place; it is ordered by old_file."""
        names = np.asarray(chunk.column("old_file"))
        places = np.asarray(chunk.column("old_place"))
        tables = []
        for name in dict.fromkeys(names.tolist()):
            if name not in self._blocks:
                self._blocks[name] = stored_blocks(Path(name))
            tables.append(rows_at(self._blocks[name], places[names == name]))
        return pa.concat_tables(tables).combine_chunks()


def write_orders(path: Path, tables: Iterable[pa.Table]) -> bool:
    """Write orders, in the sequence given, to ``path``; without any, write no file and return False.

    The footer tells how many orders each source received on each day (``day_counts``).
    """
    rest = iter(tables)
    first = next(rest, None)
    if first is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    days = DayCounter()
    with pq.ParquetWriter(path, ORDERS, compression="zstd", use_dictionary=_DICTIONARY) as writer:
        for table in chain([first], rest):
            writer.write_table(table, row_group_size=ROW_GROUP)
            days.add(table)
        writer.add_key_value_metadata(days.metadata())
    return True


def gathered(chunk: pa.RecordBatch, staged: Blocks, stored: Blocks | None) -> pa.Table:
    """Return the rows that ``chunk`` names (see ``Plan.rows_by_month``), in its order."""
    is_staged = np.asarray(chunk.column("staged"))
    places = np.asarray(chunk.column("place"))
    tables: list[pa.Table] = []
    positions: list[np.ndarray] = []
    new = np.flatnonzero(is_staged)
    if len(new):
        found = []
        for wanted, rows in staged.take_rows(places[new]):
            positions.append(new[wanted])
            found.append(rows)
        tables.append(_signed(pa.concat_tables(found), chunk.take(pa.array(np.concatenate(positions)))))
    old = np.flatnonzero(~is_staged)
    if len(old):
        assert stored is not None
        for wanted, rows in stored.take_rows(places[old]):
            positions.append(old[wanted])
            tables.append(rows)
    order = np.argsort(np.concatenate(positions), kind="stable")
    whole = pa.concat_tables(tables)
    if bool((order == np.arange(len(order))).all()):
        return whole
    return whole.combine_chunks().take(pa.array(order))


def _signed(orders: pa.Table, decisions: pa.RecordBatch) -> pa.Table:
    """Put the decided key, its origin, the source and the id flags into the rows."""
    origin = decisions.column("origin")
    flags = orders.column("quality_flags").combine_chunks()
    for value, flag in _ID_FLAGS.items():
        hit = pc.equal(origin, value)
        if pc.any(hit).as_py():
            both = pc.binary_join_element_wise(flags, pa.scalar(flag), ";", null_handling="skip")
            flags = pc.if_else(hit, both, flags)
    for name, values in (
        ("order_key", decisions.column("order_key")),
        ("source", decisions.column("source")),
        ("order_key_origin", origin),
        ("quality_flags", flags),
    ):
        orders = orders.set_column(ORDERS.get_field_index(name), ORDERS.field(name), values)
    return orders
