"""The slow reader for text tables that pyarrow refuses: a quote that never closes, a giant cell.

A record whose quote stays open over too many lines, or to the end of the file, is taken to be its first
line alone; the lines after it are read as records of their own, so one bad quote costs one row.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence

import pyarrow as pa

from hotline_tools.sources.detect.dialect import Dialect, cells_of, lines
from hotline_tools.sources.detect.transcode import Utf8Stream
from hotline_tools.sources.model import Row

MAX_LINES = 2000
BATCH_ROWS = 4000
_CHUNK = 1 << 20

Part = tuple[pa.Table, list[int], dict[int, Row]]


def read_with_csv(
    stream: Utf8Stream, header: Sequence[str], dialect: Dialect, first_row: int
) -> Iterator[Part]:
    """Tables with the numbers of their rows, and the rows with another number of cells."""
    rows: list[Row] = []
    numbers: list[int] = []
    loose: dict[int, Row] = {}
    for number, cells in enumerate(_records(_lines(stream), dialect), start=first_row):
        if len(cells) == len(header):
            rows.append([cell or None for cell in cells])
            numbers.append(number)
        else:
            loose[number] = list(cells)
        if len(rows) + len(loose) >= BATCH_ROWS:
            yield _table(rows, header), numbers, loose
            rows, numbers, loose = [], [], {}
    if rows or loose:
        yield _table(rows, header), numbers, loose


def _table(rows: list[Row], header: Sequence[str]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    return pa.table(
        [pa.array(cells, pa.string()) for cells in columns],
        schema=pa.schema([(name, pa.string()) for name in header]),
    )


def _lines(stream: Utf8Stream) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while chunk := stream.read(_CHUNK):
        found = list(lines(rest + decoder.decode(chunk)))
        rest = found.pop() if found else ""
        yield from found
    yield from lines(rest)


def _records(source: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    waiting: list[str] = []
    queue: list[str] = []
    while True:
        line = queue.pop() if queue else next(source, None)
        if line is not None:
            waiting.append(line)
            if dialect.quoting and len(waiting) <= MAX_LINES and _open_quote(waiting, dialect):
                continue
        elif not waiting:
            return
        if dialect.quoting and _open_quote(waiting, dialect):
            queue.extend(reversed(waiting[1:]))
            del waiting[1:]
            yield _parse(waiting, Dialect(dialect.delimiter, quoting=False))
        else:
            yield _parse(waiting, dialect)
        waiting.clear()


def _open_quote(waiting: list[str], dialect: Dialect) -> bool:
    """Whether the quotes of the record so far leave a cell open."""
    if '"' not in waiting[0] and len(waiting) == 1:
        return False
    try:
        next(csv.reader(waiting, delimiter=dialect.delimiter, strict=True), None)
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _parse(waiting: list[str], dialect: Dialect) -> list[str]:
    return cells_of("".join(waiting), dialect)
