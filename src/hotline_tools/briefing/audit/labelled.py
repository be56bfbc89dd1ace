"""Figures of a list in the text against the same names in a table."""

from collections.abc import Iterator, Sequence

from hotline_tools.briefing.audit.changes import Problem, is_plain
from hotline_tools.briefing.audit.lists import name_of
from hotline_tools.briefing.audit.printed_tables import FigureTable
from hotline_tools.briefing.audit.quantities import Quantity, shown
from hotline_tools.briefing.audit.shares import PassageFigures

_LEAST_AGREEING = 2


def labelled_problems(
    figures: Sequence[PassageFigures], tables: Sequence[FigureTable]
) -> Iterator[tuple[PassageFigures, str, Problem]]:
    """Yield the counts of a list that differ from a column which all others of the list agree with."""
    columns = [
        (table, {n: c.value for n, c in zip(table.labels, column.cells, strict=True) if c}, column.header)
        for table in tables
        for column in table.columns
        if column.kind == "count" and len(set(table.labels)) == len(table.labels)
    ]
    for passage in figures:
        for sentence, found in passage.sentences:
            named = _named(found)
            if len(named) > _LEAST_AGREEING and (problem := _differing(named, columns)):
                yield passage, sentence, problem


def _named(found: Sequence[Quantity]) -> dict[str, Quantity]:
    named = {}
    for quantity in found:
        is_count = quantity.kind == "count" and is_plain(quantity) and not quantity.is_vague
        if is_count and (name := name_of(quantity)):
            named[name] = quantity
    return named


def _differing(
    named: dict[str, Quantity], columns: Sequence[tuple[FigureTable, dict[str, float], str]]
) -> Problem | None:
    found: list[Problem] = []
    for table, values, header in columns:
        shared = [name for name in named if name in values]
        off = [name for name in shared if abs(values[name] - named[name].value) > named[name].slack]
        if len(shared) - len(off) < _LEAST_AGREEING:
            continue
        if not off:
            return None
        if len(off) == 1:
            name = off[0]
            found.append(
                ("前后不一", f"{name}{named[name].text}", f"{table.where}{header}为{shown(values[name])}")
            )
    return found[0] if found else None
