"""A table against itself: totals, columns that follow from others, shares, and ranks.

How columns hang together is learnt from the rows: a relation that nearly all rows keep, with three different
values at least, makes the rows that break it wrong.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, permutations

from hotline_tools.briefing.audit.printed_tables import FigureColumn, FigureTable, NumberCell
from hotline_tools.briefing.audit.quantities import shown

TableProblem = tuple[int | None, str, str, str]
"""Row (None for the total), kind, stated, against."""
_LEAST_ROWS = 4
_LEAST_VALUES = 3
_RANK = re.compile(r"排名|名次|位次")
_SCORE = re.compile(r"得分|总分|分数|综合|成绩")
_SHARE = re.compile(r"占比|比重|比例|占")
_CHANGE = re.compile(r"增减|变化|差|净增|增加|减少|比")
_MOST_WRONG = 0.2
_OF_TOTAL = "占合计"
Computed = Callable[[int | None], "tuple[float, float] | None"]
"""Row → the value that follows from other columns, and how far it may be off."""


def table_problems(table: FigureTable) -> Iterator[TableProblem]:
    """Yield what is wrong in a table."""
    yield from _sums(table)
    yield from _related(table)
    yield from _ranks(table)


def _sums(table: FigureTable) -> Iterator[TableProblem]:
    """Yield totals that are not the sum of the rows, where other columns' are, and those that rows exceed."""
    if table.total_row is None or table.has_subtotals or len(set(table.labels)) < len(table.labels):
        return
    counted = [c for c in table.columns if c.kind == "count" and c.total is not None and None not in c.cells]
    sums = {id(c): sum(cell.value for cell in c.cells if cell) for c in counted}
    is_apart = any(_SHARE.search(c.header) and _come_to_all(c) for c in table.columns)
    right = [c for c in counted if c.total and sums[id(c)] == c.total.value and c.total.value]
    for column in counted:
        total, value = column.total, sums[id(column)]
        if (
            total is None
            or value == total.value
            or (_is_nested(column) and not is_apart)
            or min(c.value for c in column.cells if c) < 0
        ):
            continue
        whole = max((c.total.value for c in right if c.total), default=0.0)
        if (
            len(right) > 1
            or whole * 2 >= total.value
            or (value > total.value and (right or len(counted) == 1))
        ):
            yield None, "合计", f"{column.header}合计{shown(total.value)}", f"各行之和为{shown(value)}"


def _come_to_all(column: FigureColumn) -> bool:
    """Tell whether the rows' shares come to 100%, so that no row is a part of another."""
    known = [cell for cell in column.cells if cell is not None]
    return abs(sum(cell.value for cell in known) - 100) <= sum(cell.step for cell in known) / 2


def _is_nested(column: FigureColumn) -> bool:
    """Tell whether a row is the sum of rows behind it: categories with their subcategories below."""
    values = [cell.value for cell in column.cells if cell]
    for start, value in enumerate(values):
        total = 0.0
        for length, part in enumerate(values[start + 1 :], 1):
            total += part
            if total == value and value and length > 1:
                return True
            if total > value:
                break
    return False


def _related(table: FigureTable) -> Iterator[TableProblem]:
    """Yield the cells that break a relation which nearly all rows of their column keep."""
    counts = [c for c in table.columns if c.kind == "count"]
    for column in table.columns:
        relations = list(_relations(column, counts))
        judged = [(name, computed, _breaks(column, computed)) for name, computed in relations]
        kept = [item for item in judged if item[2] is not None]
        if not kept:
            continue
        name, computed, broken = min(kept, key=lambda item: len(item[2] or ()))
        whole = [None] if name.endswith(_OF_TOTAL) and column.total is not None else []
        for row in [*(broken or ()), *(w for w in whole if not _holds(column, computed, w))]:
            cell, value = _cell(column, row), computed(row)
            if cell is None or value is None or any(_holds(column, other, row) for _, other in relations):
                continue
            sign = "%" if cell.is_percent else ""
            kind = (
                "占比"
                if _SHARE.search(column.header)
                else "变化率"
                if column.kind == "percent" and "÷" not in name
                else "表内关系"
            )
            yield row, kind, f"{column.header}{shown(cell.value)}{sign}", f"{name}为{shown(value[0])}{sign}"


def _relations(column: FigureColumn, counts: Sequence[FigureColumn]) -> Iterator[tuple[str, Computed]]:
    if column.kind == "percent":
        for one, other in permutations(counts, 2):
            yield f"{one.header}÷{other.header}", _ratio(one, other)
            yield f"{one.header}比{other.header}的变化", _change(one, other)
        for one in counts:
            if one.total is not None and one.total.value:
                yield one.header + _OF_TOTAL, _share(one)
    elif _CHANGE.search(column.header):
        for one, other in permutations(counts, 2):
            if column not in (one, other):
                yield f"{one.header}减{other.header}", _difference(one, other)


def _ratio(one: FigureColumn, other: FigureColumn) -> Computed:
    def computed(row: int | None) -> tuple[float, float] | None:
        a, b = _cell(one, row), _cell(other, row)
        return (a.value / b.value * 100, 0.0) if a and b and b.value else None

    return computed


def _change(one: FigureColumn, other: FigureColumn) -> Computed:
    def computed(row: int | None) -> tuple[float, float] | None:
        a, b = _cell(one, row), _cell(other, row)
        return ((a.value - b.value) / b.value * 100, 0.0) if a and b and b.value else None

    return computed


def _share(one: FigureColumn) -> Computed:
    def computed(row: int | None) -> tuple[float, float] | None:
        a = _cell(one, row)
        return (a.value / one.total.value * 100, 0.0) if a and one.total else None

    return computed


def _difference(one: FigureColumn, other: FigureColumn) -> Computed:
    def computed(row: int | None) -> tuple[float, float] | None:
        a, b = _cell(one, row), _cell(other, row)
        return (a.value - b.value, a.step * 0 + b.step * 0) if a and b else None

    return computed


def _cell(column: FigureColumn, row: int | None) -> NumberCell | None:
    return column.total if row is None else column.cells[row]


def _holds(column: FigureColumn, computed: Computed, row: int | None) -> bool:
    cell, value = _cell(column, row), computed(row)
    if cell is None or value is None:
        return False
    slack = 0.0 if column.kind == "count" else cell.step * 1.001
    return abs(value[0] - cell.value) <= slack or (
        column.kind == "percent" and abs(abs(value[0]) - cell.value) <= slack
    )


def _breaks(column: FigureColumn, computed: Computed) -> list[int] | None:
    """Return the rows that break a relation; None where too few keep it for it to be one."""
    known = [row for row, cell in enumerate(column.cells) if cell is not None and computed(row) is not None]
    broken = [row for row in known if not _holds(column, computed, row)]
    kept = [row for row in known if row not in broken]
    if _SHARE.search(column.header) and column.total is not None and abs(column.total.value - 100) < 1:
        return broken if len(kept) > len(broken) else None  # the total row says what they are shares of
    values = {
        cell.value for row in kept if (cell := column.cells[row]) is not None and cell.value not in (0, 100)
    }
    if len(kept) < _LEAST_ROWS or len(values) < _LEAST_VALUES or len(broken) > _MOST_WRONG * len(known):
        return None
    return broken


def _ranks(table: FigureTable) -> Iterator[TableProblem]:
    """Yield rows whose rank does not follow the score that it stands beside."""
    for number, column in enumerate(table.columns):
        if not _RANK.search(column.header) or not all(
            c is None or (c.step == 1 and c.value > 0) for c in column.cells
        ):
            continue
        score = _ranked_by(table, number)
        if score is None:
            continue
        listed = [
            (rank.value, value.value, row)
            for row, (rank, value) in enumerate(zip(column.cells, score.cells, strict=True))
            if rank is not None and value is not None
        ]
        if len({rank for rank, _, _ in listed}) < len(listed) or len(listed) < 3:
            continue  # ranks begin anew in each group, or are shared
        listed.sort()
        wrong = [(a, b) for a, b in pairwise(listed) if b[1] > a[1]]
        rising = [(a, b) for a, b in pairwise(listed) if b[1] < a[1]]
        if not wrong or not rising or len(wrong) > max(1, _MOST_WRONG * len(listed)):
            continue  # all rise: the least is the first
        for higher, lower in wrong:
            said = f"{column.header}{shown(higher[0])}，{score.header}{shown(higher[1])}"
            yield higher[2], "位次", said, f"其后一名{table.labels[lower[2]]}{score.header}{shown(lower[1])}"


def _ranked_by(table: FigureTable, rank: int) -> FigureColumn | None:
    """Return the column that a rank is of: one of its name, else the only score."""
    header = _RANK.sub("", table.columns[rank].header)
    if header:
        return next((c for c in table.columns if c.header == header), None)
    scores = [c for c in table.columns if _SCORE.search(c.header) and not _RANK.search(c.header)]
    return scores[0] if len(scores) == 1 else None
