"""Tables that come as rows of cells (sheets, HTML, JSON): header found, the rest in batches."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from hotline_tools.sources.assemble import Assembler
from hotline_tools.sources.header import SEARCH_ROWS, Header, find_header, unique_names
from hotline_tools.sources.model import RawBatch, RawTable

BATCH_ROWS = 5000
Rows = Callable[[], Iterable[Sequence[str]]]
"""Gives all rows of the grid as text, from the top, each time it is called."""


@dataclass(frozen=True)
class Origin:
    """Where a grid comes from."""

    file: str
    format: str
    digest: Callable[[], str]
    sheet: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()


def table_of(rows: Rows, origin: Origin, known: Container[str] | None) -> RawTable | None:
    """The table in the grid; None when no header is found."""
    header = find_header(list(islice(iter(rows()), SEARCH_ROWS)), known)
    if header is None:
        return None
    header = _fitted(header, rows)
    notes = origin.notes
    skipped = header.index - header.rows + 1
    if skipped:
        notes += (f"表头上方有 {skipped} 行，已跳过",)
    if header.rows == 2:
        notes += ("两行表头已合并",)
    fixed = header
    return RawTable(
        file=origin.file,
        sheet=origin.sheet,
        header=fixed.names,
        original_header=fixed.originals,
        header_row=fixed.index + 1,
        format=origin.format,
        encoding=origin.encoding,
        notes=notes,
        reader=lambda counts: _read(rows, fixed, counts),
        digest=origin.digest,
    )


def _fitted(header: Header, rows: Rows) -> Header:
    """As wide as the data: empty columns without a name go, columns with data but no name get one."""
    named = max((i + 1 for i, cell in enumerate(header.originals) if cell.strip()), default=0)
    width = named
    for row in islice(iter(rows()), header.index + 1, None):
        if len(row) > width:
            width = max(width, max((i + 1 for i in range(width, len(row)) if row[i].strip()), default=0))
    originals = [*header.originals, *[""] * width][:width]
    names = [*header.names[:named], *[""] * (width - named)]
    return Header(header.index, unique_names(names), tuple(originals), header.known, header.rows)


def _read(rows: Rows, header: Header, counts: Counter[str]) -> Iterator[RawBatch]:
    assembler = Assembler(header.names, header.originals, counts, may_shift=False)
    width = len(header.names)
    stream = islice(iter(rows()), header.index + 1, None)
    number = header.index + 2
    while block := list(islice(stream, BATCH_ROWS)):
        padded = [(row if len(row) >= width else [*row, *[""] * (width - len(row))]) for row in block]
        columns = [pa.array([row[i] or None for row in padded], pa.string()) for i in range(width)]
        table = pa.table(columns, names=list(header.names))
        yield assembler.batch(table, pa.array(range(number, number + len(block)), pa.int64()))
        number += len(block)
