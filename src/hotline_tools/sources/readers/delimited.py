"""CSV, TSV and the like, streamed by pyarrow; only rows that do not fit are looked at in Python."""

import io
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from hotline_tools.errors import InputError
from hotline_tools.files import digest_of
from hotline_tools.sources.detect.bounds import require_lines
from hotline_tools.sources.detect.dialect import (
    Dialect,
    Record,
    cells_of,
    decide_dialect,
    quotes_delimiters,
    records,
)
from hotline_tools.sources.detect.encoding import decide, guess_note, probe
from hotline_tools.sources.detect.header import SEARCH_ROWS, Header, find_header, no_header
from hotline_tools.sources.detect.transcode import Utf8Stream
from hotline_tools.sources.model import RawBatch, RawTable, Row
from hotline_tools.sources.readers.assemble import Assembler
from hotline_tools.sources.readers.fallback_csv import read_with_csv
from hotline_tools.sources.readers.grid import header_notes
from hotline_tools.sources.repair.trailing_columns import complete_header, cut_header, cut_table

BLOCK_BYTES = 1 << 22
_HEAD_BYTES = 1 << 19
_TORN_LINES = 8
"""A row of another width with more line breaks than this is read again, record by record."""


@dataclass
class _Plan:
    """What is known after looking at the head: how to read the rest."""

    path: Path
    encoding: str
    dialect: Dialect
    header: Header
    width: int
    """Cells of a full record; the header's names may be fewer."""
    start: int
    """Offset of the first data record in the UTF-8 form of the file."""
    quoted: bool
    """Cells with a delimiter are quoted: a row of the right width is as its writer meant it."""

    @property
    def first_row(self) -> int:
        return self.header.index + 2

    def stream(self) -> Utf8Stream:
        stream = Utf8Stream(self.path, self.encoding, apart=True)
        stream.read(self.start)
        return stream


def open_delimited(path: Path, name: str, known: Container[str] | None) -> RawTable:
    """The table in a text file; raises ``InputError`` or ``NoHeaderError``."""
    require_lines(path, name)
    encoding = decide(probe(path), where=name)
    with Utf8Stream(path, encoding) as stream:
        head = stream.read(_HEAD_BYTES).decode("utf-8", "ignore")
    if not head.strip():
        raise InputError("文件是空的", where=name, remedy="请检查导出是否成功。")
    dialect = decide_dialect(head, known)
    found = _head_records(head, dialect)
    header = find_header([record.cells for record in found], known)
    if header is None:
        raise no_header(name, [record.cells for record in found])
    start = len(head[: found[header.index].end].encode("utf-8")) if header.index >= 0 else 0
    below = [record.cells for record in found[header.index + 1 :]]
    header = complete_header(header, below)
    width = len(header.names)
    header = cut_header(header, below)
    plan = _Plan(path, encoding, dialect, header, width, start, quotes_delimiters(head, dialect))
    return RawTable(
        file=name,
        header=header.names,
        original_header=header.originals,
        header_row=header.index + 1,
        format=dialect.name,
        reader=lambda counts: _read(plan, counts),
        digest=digest_of(path),
        encoding=encoding,
        notes=header_notes(header) + guess_note(encoding),
        evidence=header.evidence,
        title=header.title,
    )


def _head_records(head: str, dialect: Dialect) -> list[Record]:
    found = []
    for record in records(head, dialect):
        found.append(record)
        if len(found) > SEARCH_ROWS:
            break
    return found


def _read(plan: _Plan, counts: Counter[str]) -> Iterator[RawBatch]:
    assembler = Assembler(
        plan.header.names,
        plan.header.originals,
        counts,
        delimiter=plan.dialect.delimiter,
        may_shift=not plan.quoted,
    )
    next_row = plan.first_row
    stream = plan.stream()
    try:
        try:
            for table, invalid, ended in _arrow_batches(plan, stream):
                numbers, loose = _number(table.num_rows, next_row, invalid, plan, ended=ended)
                next_row += table.num_rows + len(loose)
                named, kept, over = cut_table(table, numbers, len(plan.header.names))
                yield assembler.batch(named, kept, loose | over, lost=stream.saw_lost)
        except pa.ArrowInvalid:
            # a quote that never closes, or a cell larger than a block
            stream.close()
            stream = plan.stream()
            for table, numbers, loose in read_with_csv(
                stream, plan.header.names, plan.dialect, plan.first_row
            ):
                skip = sum(1 for number in numbers if number < next_row)
                rest = {number: row for number, row in loose.items() if number >= next_row}
                yield assembler.batch(
                    table.slice(skip), pa.array(numbers[skip:], pa.int64()), rest, lost=stream.saw_lost
                )
        if not stream.ends_line:
            in_quotes = plan.quoted and stream.quotes % 2 == 1
            assembler.end_unfinished(in_cell=in_quotes or stream.ends_in_character)
    finally:
        stream.close()


def _arrow_batches(plan: _Plan, stream: Utf8Stream) -> Iterator[tuple[pa.Table, dict[int, str], bool]]:
    """Tables, the rows of another width that pyarrow met so far (0-based record → its text), and whether
    this is the end: rows set aside behind the last table come with an empty one.

    Raises ``ArrowInvalid`` when the last of them is the rest of the file behind an open quote.
    """
    invalid: dict[int, str] = {}

    def set_aside(row: pacsv.InvalidRow) -> str:
        invalid[row.number - 1] = row.text
        return "skip"

    names = [*plan.header.names, *(f"\0{i}" for i in range(len(plan.header.names), plan.width))]
    first = stream.read(1)
    if not first:
        return
    source = pa.PythonFile(_Chained(first, stream), mode="r")
    reader = pacsv.open_csv(
        source,
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=BLOCK_BYTES),
        parse_options=pacsv.ParseOptions(
            delimiter=plan.dialect.delimiter,
            quote_char='"' if plan.dialect.quoting else False,
            newlines_in_values=plan.dialect.quoting,
            ignore_empty_lines=False,
            invalid_row_handler=set_aside,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch]), invalid, False
    if any(text.count("\n") >= _TORN_LINES for text in invalid.values()):
        raise pa.ArrowInvalid("a quote that never closes")
    if invalid:
        yield reader.schema.empty_table(), invalid, True


def _number(
    rows: int, next_row: int, invalid: dict[int, str], plan: _Plan, *, ended: bool
) -> tuple[pa.Array, dict[int, Row]]:
    """Row numbers of a batch, leaving the numbers of the set-aside rows free; those rows as cells."""
    loose: dict[int, Row] = {}
    taken = []
    end = next_row + rows
    for index in sorted(invalid):
        number = index + plan.first_row
        if not ended and (number > end or (number == end and not rows)):
            break
        end += 1
        taken.append(number - next_row)
        loose[number] = list(cells_of(invalid.pop(index), plan.dialect))
    everything = np.arange(next_row, end, dtype=np.int64)
    return pa.array(np.delete(everything, taken) if taken else everything), loose


class _Chained(io.RawIOBase):
    """A byte that was read to see whether there is any, put back before the rest."""

    def __init__(self, first: bytes, rest: Utf8Stream) -> None:
        super().__init__()
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        first, self._first = self._first, b""
        return first + self._rest.read(size - len(first) if size >= 0 else -1)
