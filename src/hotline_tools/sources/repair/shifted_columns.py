"""Rows whose values stand in their neighbours' columns: an unquoted delimiter inside a cell.

With an unquoted comma in an address the rest of the row moves right. Either the row has too many cells, or
(when some program cut it to the header's width) the right number with the last values gone. A row is
repaired when exactly one way of putting the pieces back together makes every typed column fit; it is
rejected when it is certainly shifted but no single way is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.sources.detect.column_kinds import STRONG, ColumnKinds, matches
from hotline_tools.sources.model import Row

_MAX_WATCHED = 4
_MAX_EXTRA = 40


@dataclass(frozen=True)
class Repair:
    """``row``: the repaired one; ``reason``: why it must be rejected; both empty: the row is not shifted."""

    row: Row | None = None
    reason: str = ""


def suspects(table: pa.Table, columns: ColumnKinds) -> list[int]:
    """Positions of rows in which a watched column has a value that does not fit it.

    A shift moves everything to the right of the break. Neighbours of one kind hide it from each other, so
    the first column of each run of one kind is watched, and the last typed column; that keeps it cheap.
    """
    strong = [i for i in columns.typed if columns.kinds[i] in STRONG]
    firsts = [i for i in strong if i == 0 or columns.kinds[i - 1] != columns.kinds[i]]
    watched = sorted({*firsts[-_MAX_WATCHED + 1 :], *strong[-1:]})
    odd = None
    for column in watched:
        fits = matches(table.column(column), columns.kinds[column])
        if all(not chunk.false_count for chunk in fits.chunks):
            continue
        misfit = pc.fill_null(pc.invert(fits), False)
        odd = misfit if odd is None else pc.or_(odd, misfit)
    found: list[int] = [] if odd is None else pc.indices_nonzero(odd).to_pylist()
    return found


def judge(row: Row, columns: ColumnKinds, delimiter: str) -> Repair:
    """Look at a row with the right number of cells, or too many."""
    width = len(columns.kinds)
    extra = len(row) - width
    if extra > _MAX_EXTRA:
        return Repair(reason=f"列数不符：应有 {width} 列，实有 {len(row)} 列")
    if extra > 0:
        return _join_surplus(row, extra, columns, delimiter)
    misfits = columns.misfits(row)
    if not misfits:
        return Repair()
    solutions = [
        candidate
        for lost in range(1, width)
        for candidate in _joined(row, lost, columns, delimiter)
        if _anchored(candidate, row, misfits, lost, columns)
    ]
    chosen = _only(solutions, columns)
    if chosen is not None:
        return Repair(row=chosen)
    if solutions or _certainly_shifted(row, misfits, columns):
        return Repair(reason="列错位：单元格内有未加引号的分隔符，末尾的值已被截掉，无法确定原来的列")
    return Repair()


def _join_surplus(row: Row, extra: int, columns: ColumnKinds, delimiter: str) -> Repair:
    width = len(columns.kinds)
    solutions = [way[:width] for way in _joined(row, extra, columns, delimiter)]
    chosen = _only(solutions, columns) if columns.typed else None
    if chosen is not None:
        return Repair(row=chosen)
    why = "有多种还原方式" if solutions else "无法还原"
    return Repair(reason=f"列数不符：应有 {width} 列，实有 {len(row)} 列，{why}")


def _joined(row: Row, extra: int, columns: ColumnKinds, delimiter: str) -> list[Row]:
    """Every way in which one text column takes ``extra`` following cells and all that follows fits."""
    width = len(columns.kinds)
    ways = []
    for column in range(width):
        if columns.kinds[column] != "text" or column + extra >= len(row):
            continue
        pieces = row[column : column + extra + 1]
        whole = delimiter.join(piece or "" for piece in pieces)
        if not pieces[0] or not columns.familiar(column, whole):
            continue
        way = [*row[:column], whole, *row[column + extra + 1 :]]
        way += [None] * (width - len(way))
        # an odd id to the left of the break stays as it was; an odd date there would be unexplained
        odd = columns.misfits(way[:width])
        if all(c < column and columns.kinds[c] not in STRONG for c in odd):
            ways.append(way)
    return ways


def _anchored(candidate: Row, row: Row, misfits: list[int], lost: int, columns: ColumnKinds) -> bool:
    """A strongly typed value proves the place: where it stood it did not belong."""
    joined = next(c for c in range(len(candidate)) if candidate[c] != row[c])
    for column in columns.typed:
        stood = column + lost
        if (
            column <= joined
            or candidate[column] is None
            or columns.kinds[column] not in STRONG
            or stood >= len(row)
        ):
            continue
        alien = columns.kinds[column] in columns.alien.get(stood, ())
        if stood in misfits or alien or not columns.familiar(stood, row[stood]):
            return True
    return False


def _only(solutions: Sequence[Row], columns: ColumnKinds) -> Row | None:
    """The one solution; among several the one in which columns of few values hold values seen before."""
    if len(solutions) > 1:
        familiar = [row for row in solutions if all(columns.familiar(c, row[c]) for c in columns.categories)]
        solutions = familiar
    return solutions[0] if len(solutions) == 1 else None


def _certainly_shifted(row: Row, misfits: list[int], columns: ColumnKinds) -> bool:
    """No date or time is left, two of them are words, and nothing fits from there to the end of the row.

    A row that keeps one of its times has odd words in the others, as 长期办理 where a closing should stand.
    """
    strong = [c for c in columns.typed if columns.kinds[c] in STRONG]
    wordy = [c for c in misfits if c in strong and _is_words(row[c])]
    tail = range(misfits[0], len(row))
    return (
        len(wordy) >= 2
        and all(c in misfits or not row[c] for c in strong)
        and all(c in misfits or not row[c] for c in tail)
    )


def _is_words(value: str | None) -> bool:
    """Words of an address or a sentence, not 未办结 or 待回访 where a date should stand."""
    text = (value or "").strip()
    letters = sum(char.isalpha() for char in text)
    return letters >= 3 and letters > len(text) / 3 and text[0] not in "未暂无無待不正尚已"
