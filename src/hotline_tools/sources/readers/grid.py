"""Tables that come as rows of cells (sheets, HTML, JSON): header found, the rest in batches."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.header import SEARCH_ROWS, Header, find_header, unique_names
from hotline_tools.sources.model import RawBatch, RawTable
from hotline_tools.sources.readers.assemble import Assembler
from hotline_tools.sources.readers.cells import cell_text
from hotline_tools.sources.readers.merges import Merge, below_header, fill

BATCH_ROWS = 5000
Rows = Callable[[], Iterable[Sequence[Any]]]
"""Gives all rows of the grid (text, numbers, dates), from the top, each time it is called."""


@dataclass(frozen=True)
class Origin:
    """Where a grid comes from."""

    file: str
    format: str
    digest: Callable[[], str]
    sheet: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    epoch_1904: bool = False
    clocked: frozenset[int] = frozenset()
    """Columns of the grid whose dates are shown with a clock: a date alone is a midnight there."""
    is_cut_off: bool = False
    """Whether the file ends before the table does."""


def table_of(
    rows: Rows,
    origin: Origin,
    known: Container[str] | None,
    *,
    widest: int | None = None,
    merges: Sequence[Merge] = (),
) -> RawTable | None:
    """The table in the grid; None when no header is found.

    ``widest`` is the length of the longest row where that is known: it may save a look at all rows.
    ``merges`` are the merged ranges; those among the data are filled.
    """
    header = find_header(first_rows(rows, SEARCH_ROWS), known)
    if header is None:
        return None
    fixed, places = _fitted(header, rows, widest)
    notes = origin.notes + header_notes(header)
    reaching = below_header(merges, header.index)
    if reaching:
        notes += (f"{len(reaching)} 处纵向合并单元格已填充",)
    return RawTable(
        file=origin.file,
        sheet=origin.sheet,
        header=fixed.names,
        original_header=fixed.originals,
        header_row=fixed.index + 1,
        format=origin.format,
        encoding=origin.encoding,
        notes=notes,
        evidence=header.evidence,
        title=header.title,
        epoch_1904=origin.epoch_1904,
        reader=lambda counts: _read(
            (lambda: fill(rows(), reaching)) if reaching else rows, fixed, places, counts, origin
        ),
        digest=origin.digest,
    )


def header_notes(header: Header) -> tuple[str, ...]:
    """What people should know about where the header was found."""
    notes = []
    skipped = header.index - header.rows + 1
    if skipped:
        notes.append(f"表头上方有 {skipped} 行，已跳过")
    if header.rows > 1:
        notes.append(f"{'两' if header.rows == 2 else '三'}行表头已合并")
    if header.evidence == "none":
        notes.append("没有表头行，每一行都是数据：列名记作列1、列2……，各列是什么按内容判定")
    elif header.evidence != "names":
        notes.append("表头所在的行是按下方的内容判定的，列名多数不在已知写法之列")
    return tuple(notes)


def without_guesses(tables: Sequence[RawTable]) -> list[RawTable]:
    """Beside a table with known names, one without is a list of codes or a remark unless it has times."""
    if any(table.evidence == "names" for table in tables):
        return [table for table in tables if table.evidence not in ("guess", "none")]
    return list(tables)


def first_rows(rows: Rows, count: int) -> list[list[str]]:
    """The first rows as text."""
    return [[cell_text(cell) for cell in row] for row in islice(iter(rows()), count)]


def _fitted(header: Header, rows: Rows, widest: int | None) -> tuple[Header, list[int]]:
    """The header and the places of its columns: those with a name, and those without one that have data."""
    named = max((i + 1 for i, cell in enumerate(header.originals) if cell.strip()), default=0)
    beyond = widest is None or widest > named
    busy: set[int] = set()
    for row in islice(iter(rows()), header.index + 1, None) if beyond else ():
        if len(row) > named:
            busy.update(i for i in range(named, len(row)) if row[i] != "" and cell_text(row[i]).strip())
    places = [*range(named), *sorted(busy)]
    width = max(places, default=-1) + 1
    originals = [*header.originals, *[""] * width][:width]
    names = unique_names([*header.names[:named], *[""] * (width - named)])
    fitted = replace(
        header,
        names=tuple(names[i] for i in places),
        originals=tuple(originals[i] for i in places),
    )
    return fitted, places


def _read(
    rows: Rows, header: Header, places: list[int], counts: Counter[str], origin: Origin
) -> Iterator[RawBatch]:
    assembler = Assembler(header.names, header.originals, counts)
    width = len(places)
    gapless = not places or places[-1] == width - 1
    stream = islice(iter(rows()), header.index + 1, None)
    number = header.index + 2
    while block := list(islice(stream, BATCH_ROWS)):
        if not gapless:
            block = [[row[i] if i < len(row) else "" for i in places] for row in block]
        padded = [(row if len(row) >= width else [*row, *[""] * (width - len(row))]) for row in block]
        columns = [
            text_column([_with_clock(cell) for cell in cells] if place in origin.clocked else cells)
            for place, cells in zip(places, zip(*padded, strict=False), strict=False)
        ]
        table = pa.table(columns, names=list(header.names))
        yield assembler.batch(table, pa.array(range(number, number + len(block)), pa.int64()))
        number += len(block)
    counts["cut_off"] += origin.is_cut_off


def _with_clock(cell: Any) -> Any:
    return datetime.combine(cell, time()) if type(cell) is date else cell


def text_column(cells: Sequence[Any]) -> pa.Array:
    """Most columns are text already; only the others are converted cell by cell. Empty text is null."""
    try:
        column = pa.array(cells, pa.string())
    except (TypeError, pa.ArrowTypeError, pa.ArrowInvalid):
        column = pa.array([cell_text(cell) for cell in cells], pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can spell
        column = pa.array([cell_text(c).encode("utf-8", "replace").decode() for c in cells], pa.string())
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
