"""Records from any reader become a ``RawBatch``: junk rows out, shifted rows repaired, the rest as is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.column_kinds import ColumnKinds, learn_kinds
from hotline_tools.sources.detect.decode import LOST
from hotline_tools.sources.model import RawBatch, RawReject, Row
from hotline_tools.sources.repair import unclosed_quotes
from hotline_tools.sources.repair.non_records import Screen
from hotline_tools.sources.repair.shifted_columns import judge, suspects

# the values of schema.QualityFlag; text, because sources stand beside the schema, not above it
_REPAIRED, _UNDECODABLE = "columns-repaired", "undecodable"


@dataclass
class _Found:
    """What became of the odd rows of a batch."""

    whole: list[tuple[int, Row]] = field(default_factory=list)
    """As they should be, after empty cells beyond the width were cut off."""
    repaired: list[tuple[int, Row]] = field(default_factory=list)
    rejects: list[RawReject] = field(default_factory=list)


class Assembler:
    """Makes the batches of one reading of one table; keeps what it learnt from the first rows.

    ``delimiter`` is empty for a grid, whose cells cannot run into each other; ``may_shift`` says that rows of
    the right width may be shifted, as in a file whose writer does not quote.
    """

    def __init__(
        self,
        header: Sequence[str],
        originals: Sequence[str],
        counts: Counter[str],
        *,
        delimiter: str = "",
        may_shift: bool = False,
    ) -> None:
        self.header = list(header)
        self._screen = Screen(header, originals)
        self._counts = counts
        self._delimiter = delimiter
        self._may_shift = may_shift
        self._columns: ColumnKinds | None = None
        self._last = 0
        """The last record so far."""
        self._short: list[int] = []
        """Records with fewer cells than the header has names, which are not the rest of another one."""

    def batch(
        self, table: pa.Table, numbers: pa.Array, loose: dict[int, Row] | None = None, *, lost: bool = False
    ) -> RawBatch:
        """``table`` has this table's header; ``loose`` are the rows that did not fit it."""
        self._last = max(self._last, *loose or (), *(numbers[-1:].to_pylist()))
        kept = self._screen.keep(table, self._counts)
        if kept is not None:
            table, numbers = table.take(kept), numbers.take(kept)
        if self._columns is None and (table.num_rows or loose):
            self._columns = learn_kinds(table)
        found = _Found()
        if self._columns is not None:
            if self._delimiter:
                table, numbers = self._split_unclosed(table, numbers, self._columns, found)
            if self._may_shift:
                table, numbers = self._unshift(table, numbers, self._columns, found)
            self._settle(loose or {}, self._columns, found)
        table, numbers, flags = self._merge(table, numbers, found)
        if lost:
            flags = self._flag_lost(table, flags)
        self._counts["rows"] += table.num_rows
        self._counts["rejected"] += len(found.rejects)
        self._counts["columns_repaired"] += len(found.repaired)
        return RawBatch(table, numbers, tuple(sorted(found.rejects, key=lambda r: r.row_number)), flags)

    def end_unfinished(self, *, in_cell: bool) -> None:
        """Say of a text file that its last line does not end: where that is inside a cell, or its last
        record alone lacks cells, it was cut off. A writer that leaves out empty cells does so more than once.
        """
        self._counts["cut_off"] += in_cell or self._short == [self._last]

    def reject(self, number: int, row: Row, reason: str) -> RawReject:
        """A reject with the cells under their names; surplus cells under ``列N``."""
        names = [*self.header, *(f"列{i + 1}" for i in range(len(self.header), len(row)))]
        return RawReject(number, reason, {n: cell for n, cell in zip(names, row, strict=False) if cell})

    def _split_unclosed(
        self, table: pa.Table, numbers: pa.Array, columns: ColumnKinds, found: _Found
    ) -> tuple[pa.Table, pa.Array]:
        gone = []
        for position, column in unclosed_quotes.suspects(table, self._delimiter).items():
            records = unclosed_quotes.split(_row_at(table, position), column, columns, self._delimiter)
            for row in records:
                self._settle_one(numbers[position].as_py(), row, columns, found)
            if records:
                gone.append(position)
        return _without(table, numbers, gone)

    def _unshift(
        self, table: pa.Table, numbers: pa.Array, columns: ColumnKinds, found: _Found
    ) -> tuple[pa.Table, pa.Array]:
        gone = []
        for position in suspects(table, columns):
            row = _row_at(table, position)
            repair = judge(row, columns, self._delimiter)
            number = numbers[position].as_py()
            if repair.row is not None:
                found.repaired.append((number, repair.row))
            elif repair.reason:
                found.rejects.append(self.reject(number, row, repair.reason))
            else:
                continue
            gone.append(position)
        return _without(table, numbers, gone)

    def _settle(self, loose: dict[int, Row], columns: ColumnKinds, found: _Found) -> None:
        """Rows with too few or too many cells."""
        width = len(self.header)
        waiting = dict(loose)
        for number in sorted(loose):
            row = waiting.pop(number, None)
            if row is None:
                continue
            row = _trim(row, width)
            why = self._screen.judge(row[:width])
            if why and len(row) <= width:
                self._counts[why] += 1
                continue
            column = unclosed_quotes.column_with_lines(row)
            parts = [] if column is None else unclosed_quotes.split(row, column, columns, self._delimiter)
            for part in parts:
                self._settle_one(number, part, columns, found)
            if parts:
                continue
            follower = waiting.get(number + 1)
            if follower is not None and len(row) < width and len(row) + len(follower) - 1 == width:
                joined = [*row[:-1], f"{row[-1] or ''}\n{follower[0] or ''}", *follower[1:]]
                if columns.typed and not columns.misfits(joined):
                    found.repaired.append((number, joined))
                    waiting.pop(number + 1)
                    self._counts["continuation"] += 1
                    continue
            self._settle_one(number, row, columns, found)

    def _settle_one(self, number: int, row: Row, columns: ColumnKinds, found: _Found) -> None:
        width = len(self.header)
        if len(row) < width:
            self._short.append(number)
            padded = row + [None] * (width - len(row))
            # a writer that leaves out trailing empty cells; a torn row would not fit
            if not columns.misfits(padded) and 2 * len(row) >= width:
                found.repaired.append((number, padded))
            else:
                reason = f"列数不符：应有 {width} 列，实有 {len(row)} 列"
                found.rejects.append(self.reject(number, row, reason))
            return
        repair = judge(row, columns, self._delimiter)
        if repair.row is not None:
            found.repaired.append((number, repair.row))
        elif repair.reason:
            found.rejects.append(self.reject(number, row, repair.reason))
        else:
            found.whole.append((number, row))

    def _merge(
        self, table: pa.Table, numbers: pa.Array, found: _Found
    ) -> tuple[pa.Table, pa.Array, pa.Array | None]:
        """Put the rows that were looked at one by one back in their places."""
        odd = [*found.whole, *found.repaired]
        if not odd:
            return table, numbers, None
        columns = zip(*(row for _, row in odd), strict=True)
        added = pa.table(
            [pa.array(cells, pa.string()) for cells in columns],
            schema=pa.schema([(name, pa.string()) for name in self.header]),
        )
        whole = pa.concat_tables([table, added])
        places = pa.concat_arrays([_flat(numbers), pa.array([number for number, _ in odd], pa.int64())])
        marks = [None] * (table.num_rows + len(found.whole)) + [_REPAIRED] * len(found.repaired)
        order = pc.sort_indices(places)
        flags = pa.array(marks, pa.string()).take(order) if found.repaired else None
        return whole.take(order), places.take(order), flags

    def _flag_lost(self, table: pa.Table, flags: pa.Array | None) -> pa.Array | None:
        odd = None
        for column in table.columns:
            found = pc.fill_null(pc.match_substring(column, LOST), False)
            odd = found if odd is None else pc.or_(odd, found)
        hits = [] if odd is None else pc.indices_nonzero(odd).to_pylist()
        if not hits:
            return flags
        marks: list[str | None] = [None] * table.num_rows if flags is None else flags.to_pylist()
        for position in hits:
            marks[position] = f"{marks[position]};{_UNDECODABLE}" if marks[position] else _UNDECODABLE
        self._counts["undecodable"] += len(hits)
        return pa.array(marks, pa.string())


def _row_at(table: pa.Table, position: int) -> Row:
    """One row as Python values."""
    return [column[position].as_py() for column in table.columns]


def _without(table: pa.Table, numbers: pa.Array, gone: list[int]) -> tuple[pa.Table, pa.Array]:
    """The table and its row numbers without some positions."""
    if not gone:
        return table, numbers
    mask = [True] * table.num_rows
    for position in gone:
        mask[position] = False
    keep = pa.array(mask)
    return table.filter(keep), numbers.filter(keep)


def _flat(numbers: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, however many chunks."""
    return numbers.combine_chunks() if isinstance(numbers, pa.ChunkedArray) else numbers


def _trim(row: Row, width: int) -> Row:
    """Drop surplus empty cells at the end; empty text is null."""
    cells = [cell if cell else None for cell in row]
    while len(cells) > width and cells[-1] is None:
        cells.pop()
    return cells
